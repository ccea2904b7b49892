#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "messages/circuit.hpp"

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
  ok,       ///< a majority holds it
  refused,  ///< definitely not done: `reason`
  closed,   ///< definitely not done: the circuit is over
  busy,     ///< definitely not done: too much at once, try again
  unknown   ///< may have been done: ask again under the same key
};
constexpr Answered last_enumerator(Answered) { return Answered::unknown; }

struct Reply {
  static constexpr auto name = "Reply";
  CircuitId circuit;
  Key key;
  Answered answered{};
  Value result;
  std::string reason;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "circuit", self.circuit);
    visit(2, "key", self.key);
    visit(3, "answered", self.answered);
    visit(4, "result", self.result);
    visit(5, "reason", self.reason);
  }
};

/// A client wants to hear of a circuit's events: the last one of the run itself, then all that
/// come. A circuit that is over has one of the state "closed".
struct Watch {
  static constexpr auto name = "Watch";
  CircuitId circuit;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "circuit", self.circuit);
  }
};

struct Events {
  static constexpr auto name = "Events";
  CircuitId circuit;
  std::vector<RunEvent> events;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "circuit", self.circuit);
    visit(2, "events", self.events);
  }
};

/// A queen's acknowledgement to herself, held until synced: that is how a root counts her own
/// vote and her own log (AGREEMENT section 3).
struct Self {
  static constexpr auto name = "Self";
  CircuitId circuit;
  Epoch epoch;
  std::uint64_t length{};

  template <class S, class Visit>
  static void fields(S& self, Visit&& visit) {
    visit(1, "circuit", self.circuit);
    visit(2, "epoch", self.epoch);
    visit(3, "length", self.length);
  }
};

/// From the queen to her replica of a circuit. Repeated until applied.
struct Committed {
  static constexpr auto name = "Committed";
  CircuitId circuit;
  std::vector<CommittedEntry> entries;
  LogIndex settled;  ///< the queen has taken in what was made of entries up to here

  template <class S, class Visit>
  static void fields(S& self, Visit&& visit) {
    visit(1, "circuit", self.circuit);
    visit(2, "entries", self.entries);
    visit(3, "settled", self.settled);
  }
};

struct Applied {
  static constexpr auto name = "Applied";
  CircuitId circuit;
  std::vector<AppliedEntry> entries;
  std::optional<Duration> deadline;  ///< in circuit time
  bool finished{};                   ///< the circuit wants no further command
  std::string quarantined;           ///< why this circuit can't go on; empty: it can

  template <class S, class Visit>
  static void fields(S& self, Visit&& visit) {
    visit(1, "circuit", self.circuit);
    visit(2, "entries", self.entries);
    visit(3, "deadline", self.deadline);
    visit(4, "finished", self.finished);
    visit(5, "quarantined", self.quarantined);
  }
};

/// A circuit's effect on its way to a sink, under the issuing root's epoch (A-R20).
struct SinkEffect {
  static constexpr auto name = "SinkEffect";
  CircuitId circuit;
  Epoch epoch;
  EffectId id;
  CircuitEffect payload;

  template <class S, class Visit>
  static void fields(S& self, Visit&& visit) {
    visit(1, "circuit", self.circuit);
    visit(2, "epoch", self.epoch);
    visit(3, "id", self.id);
    visit(4, "payload", self.payload);
  }
};

/// Durable acceptance or refusal at the sink; not the result of the work.
struct SinkAck {
  static constexpr auto name = "SinkAck";
  CircuitId circuit;
  Epoch epoch;
  EffectId id;
  bool refused{};  ///< fenced: the sink has seen `epoch`, which is higher

  template <class S, class Visit>
  static void fields(S& self, Visit&& visit) {
    visit(1, "circuit", self.circuit);
    visit(2, "epoch", self.epoch);
    visit(3, "id", self.id);
    visit(4, "refused", self.refused);
  }
};

using Item =
    std::variant<Submit, Reply, Watch, Events, Self, Committed, Applied, SinkEffect, SinkAck>;

}  // namespace queenright::messages
