#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "messages/item.hpp"
#include "messages/timing.hpp"

namespace queenright::messages {

/// The input of a role that this one follows from.
struct Cause {
  static constexpr auto name = "Cause";
  Address who;
  RoleSequence sequence;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "who", self.who);
    visit(2, "sequence", self.sequence);
  }
};

/// The first input of a role after each start of its node or restart of the role: it forgets
/// what is volatile, re-bases its deadlines and re-issues its outbox.
struct Booted {
  static constexpr auto name = "Booted";
  Incarnation incarnation;
  std::uint64_t seed{};
  NodeId node;
  std::vector<NodeId> queens;
  WorkerOffer worker;             ///< of this node; without slots it has none
  std::vector<CircuitId> held;    ///< open circuits that are left as they are this time
  bool amnesiac{};                ///< the journal of this node was lost (R14)
  std::vector<NodeId> survivors;  ///< of a majority lost for good: who alone can tell an amnesiac
  Timing timing;                  ///< of the hive
  bool worker_waits{};            ///< it takes what it is given, and begins nothing of it

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "incarnation", self.incarnation);
    visit(2, "seed", self.seed);
    visit(3, "node", self.node);
    visit(4, "queens", self.queens);
    visit(6, "held", self.held);
    visit(7, "amnesiac", self.amnesiac);
    visit(8, "worker", self.worker);
    visit(9, "timing", self.timing);
    visit(10, "survivors", self.survivors);
    visit(11, "worker_waits", self.worker_waits);
  }
};

struct Envelope {
  static constexpr auto name = "Envelope";
  Address from;
  std::vector<Item> items;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "from", self.from);
    visit(2, "items", self.items);
  }
};

/// The deadline which the role named has come.
struct Due {
  static constexpr auto name = "Due";
  template <class Self, class Visit>
  static void fields(Self&, Visit&&) {}
};

struct ChildExited {
  static constexpr auto name = "ChildExited";
  AttemptId attempt;
  AttemptOutcome outcome;
  bool told_to_end{};  ///< by an EndChild that still met it; else it ended by itself

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "attempt", self.attempt);
    visit(2, "outcome", self.outcome);
    visit(3, "told_to_end", self.told_to_end);
  }
};

/// An actor of this node has ended (CAF's monitor, turned into a value).
struct ActorDown {
  static constexpr auto name = "ActorDown";
  RoleId role;
  std::string reason;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "role", self.role);
    visit(2, "reason", self.reason);
  }
};

/// Start nothing new; when what a worker runs has ended, its node ends. Without a reason: what was
/// told before is over.
struct Drain {
  static constexpr auto name = "Drain";
  std::string reason;
  std::int32_t exit_code{};

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "reason", self.reason);
    visit(2, "exit_code", self.exit_code);
  }
};

/// Another queen's process is proven to be over (R17): what she was supported in ends now.
struct PeerExited {
  static constexpr auto name = "PeerExited";
  NodeId node;
  Incarnation incarnation;  ///< up to this one

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "node", self.node);
    visit(2, "incarnation", self.incarnation);
  }
};

/// Give up leading: of one circuit, or of all and for as long as this is not withdrawn.
struct Demote {
  static constexpr auto name = "Demote";
  std::optional<CircuitId> circuit;
  std::string reason;  ///< empty: a demotion of all is withdrawn

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "circuit", self.circuit);
    visit(2, "reason", self.reason);
  }
};

/// The last input of a role: its queen needs it no more.
struct Retired {
  static constexpr auto name = "Retired";
  template <class Self, class Visit>
  static void fields(Self&, Visit&&) {}
};

/// All that goes into a role.
struct Input {
  static constexpr auto name = "Input";
  using Body = std::variant<Booted, Envelope, Due, ChildExited, ActorDown, Drain, Retired,
                            PeerExited, Demote>;

  TraceId trace;
  Cause cause;
  Instant now;    ///< read once, by the turn
  WallTime wall;  ///< read once, by the turn
  Body body;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "trace", self.trace);
    visit(2, "cause", self.cause);
    visit(3, "now", self.now);
    visit(4, "wall", self.wall);
    visit(5, "body", self.body);
  }
};

}  // namespace queenright::messages
