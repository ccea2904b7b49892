#pragma once

#include <optional>
#include <string>
#include <vector>

#include "messages/circuit.hpp"
#include "messages/command.hpp"

/// What passes between a queen, her replicas of circuits, and their sinks.
namespace queenright::messages {

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
  std::optional<Roster> roster{};    ///< by the hive circuit, where that has changed

  template <class S, class Visit>
  static void fields(S& self, Visit&& visit) {
    visit(1, "circuit", self.circuit);
    visit(2, "entries", self.entries);
    visit(3, "deadline", self.deadline);
    visit(4, "finished", self.finished);
    visit(5, "quarantined", self.quarantined);
    visit(6, "roster", self.roster);
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

/// The queen wants the circuit's state as it is.
struct Checkpoint {
  static constexpr auto name = "Checkpoint";
  CircuitId circuit;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "circuit", self.circuit);
  }
};

struct Checkpointed {
  static constexpr auto name = "Checkpointed";
  CircuitId circuit;
  LogIndex applied;  ///< the last command that the state contains
  std::string state;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "circuit", self.circuit);
    visit(2, "applied", self.applied);
    visit(3, "state", self.state);
  }
};

/// The circuit takes this state in the place of its own.
struct Restore {
  static constexpr auto name = "Restore";
  CircuitId circuit;
  LogIndex applied;
  std::string state;  ///< empty: as it was before the first command

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "circuit", self.circuit);
    visit(2, "applied", self.applied);
    visit(3, "state", self.state);
  }
};

/// A client wants to know how a circuit is; from the acting root, or stale from any queen (A-R19).
struct Read {
  static constexpr auto name = "Read";
  CircuitId circuit;
  Key key;  ///< tells the answers apart
  bool stale{};

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "circuit", self.circuit);
    visit(2, "key", self.key);
    visit(3, "stale", self.stale);
  }
};

struct Answer {
  static constexpr auto name = "Answer";
  CircuitId circuit;
  Key key;
  std::string refused;  ///< why there is no answer; empty: there is
  Value value;
  LogIndex applied;  ///< as of this command
  Epoch epoch;
  Duration age{};  ///< of a stale one: since this was last known to be what the root has

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "circuit", self.circuit);
    visit(2, "key", self.key);
    visit(3, "refused", self.refused);
    visit(4, "value", self.value);
    visit(5, "applied", self.applied);
    visit(6, "epoch", self.epoch);
    visit(7, "age", self.age);
  }
};

}  // namespace queenright::messages
