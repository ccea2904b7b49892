#pragma once

#include <map>
#include <string>
#include <vector>

#include "messages/circuit.hpp"
#include "messages/digest.hpp"

/// The replicated log of one circuit and what is settled from it: all of it durable, that is,
/// rebuilt by replay (AGREEMENT section 2). Pure data with the few moves that keep it whole.
namespace queenright::election {

using messages::CircuitEffect;
using messages::Command;
using messages::Duration;
using messages::EffectId;
using messages::Epoch;
using messages::Key;
using messages::LogIndex;
using messages::Value;
using messages::WallTime;

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
  messages::Digest digest;          ///< of the submit that brought it
  std::vector<EffectId> confirmed;  ///< of a confirm
  messages::NodeId root;            ///< who led the epoch

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
  }
};

/// What became of a keyed command: the same answer for every repeat of it (A-R16).
struct KeyAnswer {
  static constexpr auto name = "KeyAnswer";
  LogIndex index;
  messages::Digest command;  ///< tells a repeat from another command under the same key
  std::string refused;
  Value result;
  WallTime wall;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "index", self.index);
    visit(2, "command", self.command);
    visit(3, "refused", self.refused);
    visit(4, "result", self.result);
    visit(5, "wall", self.wall);
  }
};

struct Log {
  static constexpr auto name = "Log";
  Epoch promised;  ///< P: nothing below is granted or accepted (A-R1)
  Epoch accepted;  ///< acc: the epoch whose log this is
  LogIndex length;
  LogIndex commit;   ///< a majority holds everything up to here
  LogIndex settled;  ///< the circuit has applied everything up to here, and we know what it made
  std::map<LogIndex, Entry> entries;  ///< those above `settled`
  std::map<Key, KeyAnswer> keys;
  std::map<EffectId, CircuitEffect> effects;  ///< asked for by the circuit, not yet confirmed
  Duration circuit_time{};                    ///< of the last entry
  bool finished{};                            ///< the circuit wants no further command
  bool closed{};
  std::string quarantined;
  messages::RunEvent last_event;  ///< the last that was about the run itself

  /// Appends at length + 1 and returns that index.
  LogIndex append(Entry entry);

  /// Records what the circuit made of `applied.index` and forgets the entry.
  /// Precondition: it is the next entry to settle, and committed.
  void settle(const messages::AppliedEntry& applied);

  /// Settles committed entries that are no commands, up to the next command.
  void settle_own_entries();

  /// Forgets answers given before `horizon` (circuit 0 keeps them for 7 days).
  void forget_keys_before(WallTime horizon);

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "promised", self.promised);
    visit(2, "accepted", self.accepted);
    visit(3, "length", self.length);
    visit(4, "commit", self.commit);
    visit(5, "settled", self.settled);
    visit(6, "entries", self.entries);
    visit(7, "keys", self.keys);
    visit(8, "effects", self.effects);
    visit(9, "circuit_time", self.circuit_time);
    visit(10, "finished", self.finished);
    visit(11, "closed", self.closed);
    visit(12, "quarantined", self.quarantined);
    visit(13, "last_event", self.last_event);
  }
};

}  // namespace queenright::election
