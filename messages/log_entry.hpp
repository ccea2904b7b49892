#pragma once

#include <optional>
#include <string>
#include <vector>

#include "messages/circuit.hpp"
#include "messages/digest.hpp"

/// What the replicated log of a circuit consists of (AGREEMENT section 2).
namespace queenright::messages {

enum class EntryKind : std::uint8_t {
  open,     ///< the first entry of an epoch (A-R4)
  command,  ///< what a client, a worker or a circuit wanted
  confirm,  ///< effects which their sinks hold durably (A-R20)
  close     ///< the last command is behind us (A-R13)
};
constexpr EntryKind last_enumerator(EntryKind) { return EntryKind::close; }

struct Entry {
  static constexpr auto name = "Entry";
  Epoch epoch;
  EntryKind kind{};
  Key key;  ///< empty: nobody waits, nobody repeats
  Duration circuit_time{};
  WallTime wall;
  std::uint64_t seed{};
  Command command;                  ///< of a command
  Digest digest;                    ///< of the submit that brought it
  std::vector<EffectId> confirmed;  ///< of a confirm
  NodeId root;                      ///< who led the epoch
  NodeId entry_queen;               ///< to whom the command was submitted

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "epoch", self.epoch);
    visit(2, "kind", self.kind);
    visit(3, "key", self.key);
    visit(4, "circuit_time", self.circuit_time);
    visit(5, "wall", self.wall);
    visit(6, "seed", self.seed);
    visit(7, "command", self.command);
    visit(8, "digest", self.digest);
    visit(9, "confirmed", self.confirmed);
    visit(10, "root", self.root);
    visit(11, "entry_queen", self.entry_queen);
  }
};

/// What became of a keyed command: the same answer for every repeat of it (A-R16).
struct KeyAnswer {
  static constexpr auto name = "KeyAnswer";
  Key key;
  LogIndex index;
  Digest command;  ///< tells a repeat from another command under the same key
  std::string refused;
  Value result;
  WallTime wall;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "key", self.key);
    visit(2, "index", self.index);
    visit(3, "command", self.command);
    visit(4, "refused", self.refused);
    visit(5, "result", self.result);
    visit(6, "wall", self.wall);
  }
};

/// An effect that its sink has not confirmed.
struct PendingEffect {
  static constexpr auto name = "PendingEffect";
  EffectId id;
  CircuitEffect effect;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "id", self.id);
    visit(2, "effect", self.effect);
  }
};

/// All that follows from the entries up to `index`: stands for them where they were dropped
/// (A-R10).
struct LogSnapshot {
  static constexpr auto name = "LogSnapshot";
  LogIndex index;
  LogIndex applied;  ///< the last command among them
  Duration circuit_time{};
  std::vector<KeyAnswer> keys;
  std::vector<PendingEffect> effects;
  std::optional<Duration> deadline;  ///< of the circuit, in circuit time
  bool finished{};
  bool closed{};
  std::string quarantined;
  RunEvent last_event;
  std::string state;             ///< of the circuit's role; empty before the first command
  std::vector<RunEvent> events;  ///< the last ones
  LogIndex events_forgotten;     ///< the last entry whose events may be gone

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "index", self.index);
    visit(2, "applied", self.applied);
    visit(3, "circuit_time", self.circuit_time);
    visit(4, "keys", self.keys);
    visit(5, "effects", self.effects);
    visit(6, "deadline", self.deadline);
    visit(7, "finished", self.finished);
    visit(8, "closed", self.closed);
    visit(9, "quarantined", self.quarantined);
    visit(10, "last_event", self.last_event);
    visit(11, "state", self.state);
    visit(12, "events", self.events);
    visit(13, "events_forgotten", self.events_forgotten);
  }
};

/// How far a log is: the epoch in which it was last accepted, then its length (A-R2).
struct LogVector {
  static constexpr auto name = "LogVector";
  Epoch accepted;
  LogIndex length;
  LogIndex commit;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "accepted", self.accepted);
    visit(2, "length", self.length);
    visit(3, "commit", self.commit);
  }
};

/// A-R2: which of two logs is the better one, epoch first.
inline bool better(const LogVector& one, const LogVector& other) {
  return one.accepted != other.accepted ? one.accepted > other.accepted : one.length > other.length;
}

}  // namespace queenright::messages
