#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "messages/log_entry.hpp"
#include "messages/replica_item.hpp"

/// The replicated log of one circuit and what is settled from it: all of it durable, that is,
/// rebuilt by replay (AGREEMENT section 2). Pure data with the moves that keep it whole.
namespace queenright::election {

using messages::CircuitEffect;
using messages::Duration;
using messages::EffectId;
using messages::Entry;
using messages::EntryKind;
using messages::Epoch;
using messages::Key;
using messages::KeyAnswer;
using messages::LogIndex;
using messages::LogSnapshot;
using messages::LogVector;
using messages::WallTime;

inline LogIndex after(LogIndex index) { return {index.value + 1}; }

/// The worker that an effect is for (A-R20); none: it is done by queens.
std::optional<messages::Address> sink_of(const CircuitEffect& effect);

struct Log {
  static constexpr auto name = "Log";
  Epoch accepted;  ///< acc: the epoch whose log this is
  LogIndex length;
  LogIndex commit;   ///< a majority holds everything up to here
  LogIndex settled;  ///< the circuit has applied everything up to here, and we know what it made
  LogIndex applied;  ///< the last command up to `settled`
  LogIndex dropped;  ///< entries up to here are gone; what they made is in what follows
  Duration dropped_time{};  ///< circuit time of the last of them
  std::map<LogIndex, Entry> entries;
  std::map<Key, KeyAnswer> keys;              ///< without the key in the answer
  std::map<EffectId, CircuitEffect> effects;  ///< asked for by the circuit, not yet confirmed
  std::optional<Duration> deadline;           ///< of the circuit, in circuit time
  bool finished{};                            ///< the circuit wants no further command
  bool closed{};                              ///< its CLOSE is settled
  std::string quarantined;
  messages::RunEvent last_event;           ///< the last that was about the run itself
  std::vector<messages::RunEvent> events;  ///< the last ones, of whole entries
  LogIndex events_forgotten;               ///< the last entry whose events may be gone
  /// What its circuit begins from, until that has applied something: a crash may keep what the
  /// queen did, and not what the circuit did.
  std::optional<messages::Restore> restored;

  /// Appends at length + 1 and returns that index.
  LogIndex append(Entry entry);

  /// Appends those of the entries from base + 1 on that it has not. Precondition: no gap.
  void extend(LogIndex base, const std::vector<Entry>& more);

  /// Forgets the entries above `last`, which must not be below `commit`.
  void cut(LogIndex last);

  /// Those from base + 1 on. Precondition: base is not below `dropped`.
  std::vector<Entry> entries_after(LogIndex base) const;

  /// Records what the circuit made of an entry. Precondition: it is committed, and the next
  /// command that is not settled.
  void settle(const messages::AppliedEntry& made);

  /// A-R13: it holds the CLOSE, settled or not; no command comes after that.
  bool ends() const;

  /// Settles committed entries that are no commands, up to the next command.
  void settle_own_entries();

  /// A-R10: forgets settled entries but for the last `keep`.
  void drop_settled(std::size_t keep);

  /// What stands for the settled entries; `state` is the circuit's after `applied`.
  LogSnapshot snapshot(std::string state) const;

  /// The inverse: the log is `snapshot` and nothing more.
  void install(const LogSnapshot& snapshot);

  /// Forgets answers given before `horizon` (circuit 0 keeps them for 7 days).
  void forget_keys_before(WallTime horizon);

  /// What a settled entry tells those who watch.
  void note(const std::vector<messages::RunEvent>& told);

  /// Those of the entries after `since`; nothing: the first of them are no longer known.
  std::optional<std::vector<messages::RunEvent>> events_since(LogIndex since) const;

  Duration circuit_time() const {
    return entries.empty() ? dropped_time : entries.rbegin()->second.circuit_time;
  }
  LogVector vector() const { return {accepted, length, commit}; }

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "accepted", self.accepted);
    visit(2, "length", self.length);
    visit(3, "commit", self.commit);
    visit(4, "settled", self.settled);
    visit(5, "applied", self.applied);
    visit(6, "dropped", self.dropped);
    visit(7, "dropped_time", self.dropped_time);
    visit(8, "entries", self.entries);
    visit(9, "keys", self.keys);
    visit(10, "effects", self.effects);
    visit(11, "deadline", self.deadline);
    visit(12, "finished", self.finished);
    visit(13, "closed", self.closed);
    visit(14, "quarantined", self.quarantined);
    visit(15, "last_event", self.last_event);
    visit(16, "restored", self.restored);
    visit(17, "events", self.events);
    visit(18, "events_forgotten", self.events_forgotten);
  }
};

}  // namespace queenright::election
