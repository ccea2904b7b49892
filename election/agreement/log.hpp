#pragma once

#include <map>
#include <string>
#include <vector>

#include "messages/log_entry.hpp"

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

using messages::Entry;
using messages::EntryKind;
using messages::KeyAnswer;

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
