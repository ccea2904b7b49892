#pragma once

#include <string>
#include <vector>

#include "persistence/journal.hpp"
#include "persistence/sequencer.hpp"

namespace queenright::persistence {

/// What goes into the journal with one sync: records in their order, snapshots of roles, and the
/// effects that wait for it. Whoever writes it releases those afterwards.
class CommitGroup {
 public:
  void append(const TurnRecord& record, std::vector<HeldEffect> held);
  void add_snapshot(Snapshot snapshot) { snapshots_.push_back(std::move(snapshot)); }
  void forget_snapshot(messages::RoleId retired) { retired_.push_back(retired); }

  bool empty() const {
    return full_.empty() && current_.empty() && snapshots_.empty() && retired_.empty();
  }
  std::size_t records() const;
  std::size_t bytes() const;  ///< of its blocks so far
  std::size_t snapshot_bytes() const;

  /// Appends all of it to the journal, whose tail is `tail` and moves on. Throws JournalFailed.
  /// What waits is still there afterwards, and so is the memory.
  void write(Journal& journal, Tail& tail, messages::WallTime now);

  std::vector<HeldEffect>& held() { return held_; }
  bool holds() const { return !held_.empty(); }  ///< something waits for it
  void clear();

  /// Forgets every record after the first ones, what is held, and the snapshots which contain a
  /// forgotten record: what a crash can leave of a write. `tail` is the journal's.
  void cut(std::size_t records, Tail tail);

 private:
  std::vector<std::string> seal(Tail& tail, messages::WallTime now);

  std::vector<BlockBuilder> full_;
  BlockBuilder current_;
  std::vector<HeldEffect> held_;
  std::vector<Snapshot> snapshots_;
  std::vector<messages::RoleId> retired_;
};

}  // namespace queenright::persistence
