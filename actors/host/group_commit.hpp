#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "messages/clock.hpp"
#include "messages/outlet.hpp"
#include "persistence/commit_group.hpp"

namespace queenright::host {

/// The node's one sequencer: gives records their order as they arrive from all actors, and
/// writes what has arrived during one sync as one block with the next. Records for which nothing
/// waits go with the others; alone when there are enough of them, or one has waited long enough.
/// Its thread owns the journal.
class GroupCommit : public persistence::Sequencer {
 public:
  struct Hooks {
    /// The journal has failed: the process has to end, nothing more is released.
    std::function<void(const std::string& reason)> failed;
    /// So much was written since the last time that every role should be snapshotted.
    std::function<void()> checkpoint_due;
    /// After each sync, on the journal's thread.
    std::function<void()> committed;
  };

  /// With records for which nothing waits.
  struct Patience {
    std::chrono::nanoseconds soon = std::chrono::milliseconds{10};
    std::chrono::nanoseconds lazy = std::chrono::seconds{1};
    std::size_t bytes = 64U << 10U;
  };

  /// Everything named must outlive it.
  GroupCommit(persistence::Journal& journal, messages::Outlet& outlet, const messages::Clock& clock,
              Hooks hooks, Patience patience);
  GroupCommit(persistence::Journal& journal, messages::Outlet& outlet, const messages::Clock& clock,
              Hooks hooks)
      : GroupCommit(journal, outlet, clock, std::move(hooks), Patience{}) {}
  ~GroupCommit() override;

  // Any thread.
  messages::Position append(const persistence::TurnRecord& record,
                            std::vector<persistence::HeldEffect> held) override;
  void add_snapshot(messages::RoleId role, messages::RoleSequence sequence, std::uint32_t version,
                    std::string state) override;
  void forget_snapshot(messages::RoleId retired) override;
  messages::Position synced() const override { return {synced_}; }

  /// Runs `job` on the journal's thread, once everything appended before is synced.
  void with_journal(std::function<void(persistence::Journal&)> job);

  /// Writes what has arrived, then ends the thread.
  void stop();

 private:
  /// What has arrived and is not being written yet.
  struct Arrived {
    persistence::CommitGroup group;
    std::vector<std::function<void(persistence::Journal&)>> jobs;
    bool urgent = false;  ///< something waits for it
    std::chrono::steady_clock::time_point due = std::chrono::steady_clock::time_point::max();

    bool empty() const { return group.empty() && jobs.empty(); }
  };

  void write_until_stopped();
  bool write(Arrived& arrived);
  bool is_due() const;
  void wait(std::unique_lock<std::mutex>& lock);
  void wait_at_most(std::chrono::nanoseconds time);
  void urge();
  void wake();

  persistence::Journal& journal_;
  messages::Outlet& outlet_;
  const messages::Clock& clock_;
  const Hooks hooks_;
  const Patience patience_;

  std::mutex mutex_;  ///< guards what follows
  std::condition_variable changed_;
  Arrived arrived_;
  messages::Position last_position_;
  bool idle_ = false;
  bool stopping_ = false;

  // Of the journal's thread only, but that others may read how far it has come.
  persistence::Tail tail_;
  std::atomic<std::uint64_t> synced_;   ///< a Position
  std::uint64_t since_checkpoint_ = 0;  ///< bytes of blocks
  std::uint64_t snapshots_ = 0;         ///< and of the snapshots which it wrote

  std::thread thread_;
};

}  // namespace queenright::host
