#pragma once

#include <string>
#include <variant>
#include <vector>

#include "messages/election_item.hpp"
#include "messages/pair_item.hpp"
#include "messages/recovery_item.hpp"
#include "messages/replica_item.hpp"

/// What roles say to each other. All items of one step for one address travel as one envelope.
namespace queenright::messages {

/// A client (or a worker, for a result) wants a command in a circuit's log.
struct Submit {
  static constexpr auto name = "Submit";
  CircuitId circuit;
  Key key;
  Command command;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "circuit", self.circuit);
    visit(2, "key", self.key);
    visit(3, "command", self.command);
  }
};

enum class Answered : std::uint8_t {
  ok,          ///< a majority holds it
  refused,     ///< definitely not done: `reason`
  closed,      ///< definitely not done: the circuit is over
  busy,        ///< definitely not done: too much at once, try again
  unknown,     ///< may have been done: ask again under the same key
  not_root,    ///< between queens: not done here, another one leads
  unavailable  ///< definitely not done: no majority can be had; ask again, here or elsewhere
};
constexpr Answered last_enumerator(Answered) { return Answered::unavailable; }

/// Under this key no other answer will ever come; else it is worth asking again.
constexpr bool is_final(Answered answered) {
  return answered == Answered::ok || answered == Answered::refused || answered == Answered::closed;
}

struct Reply {
  static constexpr auto name = "Reply";
  CircuitId circuit;
  Key key;
  Answered answered{};
  Value result;
  std::string reason;
  LogIndex entry{};  ///< of the circuit's log that the command became; 0: none, or none yet

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "circuit", self.circuit);
    visit(2, "key", self.key);
    visit(3, "answered", self.answered);
    visit(4, "result", self.result);
    visit(5, "reason", self.reason);
    visit(6, "entry", self.entry);
  }
};

/// A client wants to hear of a circuit's events, from now on. Of those before it gets the last one
/// of the run itself; or, where it names the last entry whose events it has, all that came since.
/// A circuit that is over has one of the state "closed", one that this queen does not know (yet)
/// of the state "elsewhere".
struct Watch {
  static constexpr auto name = "Watch";
  CircuitId circuit;
  LogIndex since{};

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "circuit", self.circuit);
    visit(2, "since", self.since);
  }
};

/// It wants to hear of nothing any more.
struct Unwatch {
  static constexpr auto name = "Unwatch";
  template <class Self, class Visit>
  static void fields(Self&, Visit&&) {}
};

struct Events {
  static constexpr auto name = "Events";
  CircuitId circuit;
  std::vector<RunEvent> events;
  bool missed{};  ///< some between those that were named and these are no longer known

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "circuit", self.circuit);
    visit(2, "events", self.events);
    visit(3, "missed", self.missed);
  }
};

enum class Inspected : std::uint8_t {
  circuits,  ///< all that this queen knows, and who leads each
  circuit,   ///< one, and why it is led as it is
  tree,      ///< the way from this queen to each source
  queens     ///< whether each is to lead
};
constexpr Inspected last_enumerator(Inspected) { return Inspected::queens; }

/// A person wants to know what this queen herself knows; she answers at once.
struct Inspect {
  static constexpr auto name = "Inspect";
  Key key;  ///< tells the answers apart
  Inspected what{};
  CircuitId circuit;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "key", self.key);
    visit(2, "what", self.what);
    visit(3, "circuit", self.circuit);
  }
};

/// All that is said. Numbers in the contract are the places in this list: new ones go last.
using Item =
    std::variant<Submit, Reply, Watch, Events, Self, Committed, Applied, SinkEffect, SinkAck,  //
                 Contact, Hello, Claim, Grant, OwnVote, Reject, Parked, Released, Probe, View,
                 ViewDigests,  //
                 Append, Appended, AppendRefused, Fetch, Suffix, SyncRequest, SyncReply, SyncEnd,
                 Ended, Checkpoint, Checkpointed, Restore, Read, Answer, WorkerHello, WorkerHeard,
                 Unwatch, Inspect>;

}  // namespace queenright::messages
