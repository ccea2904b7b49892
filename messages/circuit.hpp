#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "messages/command.hpp"

/// What passes between a queen and the circuits that she keeps, and to the circuits' sinks.
namespace queenright::messages {

// ---- effects that a circuit asks for; the acting root releases them (A-R20)

struct StartAttempt {
  static constexpr auto name = "StartAttempt";
  Address worker;
  AttemptId attempt;
  Work work;
  Duration timeout{};  ///< zero: none
  Session session{};   ///< of the worker; in a later one it declines

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "worker", self.worker);
    visit(2, "attempt", self.attempt);
    visit(3, "work", self.work);
    visit(4, "timeout", self.timeout);
    visit(5, "session", self.session);
  }
};

struct EndAttempt {
  static constexpr auto name = "EndAttempt";
  Address worker;
  AttemptId attempt;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "worker", self.worker);
    visit(2, "attempt", self.attempt);
  }
};

/// Nothing of this circuit is wanted any more: its scratch and its stray processes go.
struct CleanUp {
  static constexpr auto name = "CleanUp";
  Address worker;
  CircuitId circuit;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "worker", self.worker);
    visit(2, "circuit", self.circuit);
  }
};

/// A command for another circuit, under a key of the proposing one.
struct Propose {
  static constexpr auto name = "Propose";
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

/// The hive circuit has given out a circuit; its opener claims it.
struct OpenCircuit {
  static constexpr auto name = "OpenCircuit";
  CircuitId circuit;
  NodeId opener;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "circuit", self.circuit);
    visit(2, "opener", self.opener);
  }
};

/// A worker has come back: of the circuits up to `last` only these are wanted.
struct CleanUpOthers {
  static constexpr auto name = "CleanUpOthers";
  Address worker;
  std::vector<CircuitId> wanted;
  CircuitId last;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "worker", self.worker);
    visit(2, "wanted", self.wanted);
    visit(3, "last", self.last);
  }
};

/// Numbers in the contract are the places in this list: new ones go last.
using CircuitEffect =
    std::variant<StartAttempt, EndAttempt, CleanUp, Propose, OpenCircuit, CleanUpOthers>;

struct EffectId {
  static constexpr auto name = "EffectId";
  LogIndex index;
  Ordinal ordinal;
  auto operator<=>(const EffectId&) const = default;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "index", self.index);
    visit(2, "ordinal", self.ordinal);
  }
};

/// A change of a task or, where `step` is empty, of the run, for those who watch.
struct RunEvent {
  static constexpr auto name = "RunEvent";
  WallTime at;
  std::string step;
  std::uint64_t element{};  ///< of a fan-out, from 1; 0: the step itself
  AttemptNumber attempt;
  std::string state;   ///< as docs/plan.md names it; or "approved", "rolled_back", "closed", ...
  std::string reason;  ///< the cause, where it is not plain
  LogIndex index{};    ///< of the entry that it came of; 0: of none, but of what became of the run

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "at", self.at);
    visit(2, "step", self.step);
    visit(3, "element", self.element);
    visit(4, "attempt", self.attempt);
    visit(5, "state", self.state);
    visit(6, "reason", self.reason);
    visit(7, "index", self.index);
  }
};

/// A command that a majority holds, at its place in the circuit's log.
struct CommittedEntry {
  static constexpr auto name = "CommittedEntry";
  LogIndex index;
  Duration circuit_time{};
  WallTime wall;
  std::uint64_t seed{};  ///< of all that is random in what follows; chosen by the root
  Command command;
  Epoch epoch;         ///< in which it was proposed
  NodeId root;         ///< by whom
  NodeId entry_queen;  ///< to whom it was submitted

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "index", self.index);
    visit(2, "circuit_time", self.circuit_time);
    visit(3, "wall", self.wall);
    visit(4, "seed", self.seed);
    visit(5, "command", self.command);
    visit(6, "epoch", self.epoch);
    visit(7, "root", self.root);
    visit(8, "entry_queen", self.entry_queen);
  }
};

/// What a circuit made of one entry.
struct AppliedEntry {
  static constexpr auto name = "AppliedEntry";
  LogIndex index;
  std::string refused;  ///< why the command was not done; empty: it was
  Value result;
  std::vector<CircuitEffect> effects;
  std::vector<RunEvent> events;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "index", self.index);
    visit(2, "refused", self.refused);
    visit(3, "result", self.result);
    visit(4, "effects", self.effects);
    visit(5, "events", self.events);
  }
};

}  // namespace queenright::messages
