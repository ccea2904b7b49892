#pragma once

#include <functional>
#include <vector>

#include "election/rules.hpp"
#include "messages/clock.hpp"
#include "persistence/commit_group.hpp"
#include "sim/world/chance.hpp"
#include "sim/world/disk.hpp"

namespace queenright::sim {

/// The one sequencer of a process: what arrives while a sync runs goes with the next one. A
/// record that holds nothing back causes no sync: it rides with the next, or goes after a while.
class Sequencer : public persistence::Sequencer {
 public:
  struct Ports {
    Disk& disk;
    persistence::Journal& journal;
    const messages::Clock& clock;
    const election::Rules& rules;  ///< a broken one lets go what it holds
    std::function<void(persistence::HeldEffect)> release;
    std::function<void(messages::Duration, std::function<void()>)> later;
    std::function<void()> synced;
    std::function<void(const std::string& reason)> failed;
  };

  /// All that the ports name outlives it.
  explicit Sequencer(Ports ports);

  messages::Position append(const persistence::TurnRecord& record,
                            std::vector<persistence::HeldEffect> held) override;
  void add_snapshot(messages::RoleId role, messages::RoleSequence sequence, std::uint32_t version,
                    std::string state) override;
  void forget_snapshot(messages::RoleId retired) override;
  messages::Position synced() const override { return tail_.last_position; }

  messages::Position last() const { return last_; }
  std::uint64_t bytes() const { return tail_.bytes; }  ///< synced, since ever

  /// Calls `job` when all that was appended before it is synced.
  void with_journal(std::function<void(persistence::Journal&)> job);

  /// The process ends: of the records that are not synced, so many in a thousand reach the disk.
  void crash(std::uint32_t kept_permille);

 private:
  struct Group {
    persistence::CommitGroup group;
    std::vector<std::function<void(persistence::Journal&)>> jobs;
  };

  bool is_urgent() const;
  void consider();
  void begin();
  void finish();
  bool write();

  Ports ports_;
  persistence::Tail tail_;
  messages::Position last_;
  Group arrived_;
  Group writing_;
  bool busy_ = false;
  bool waiting_ = false;  ///< what is not urgent goes when its time is up
};

}  // namespace queenright::sim
