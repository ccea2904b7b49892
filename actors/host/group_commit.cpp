#include "actors/host/group_commit.hpp"

#include <algorithm>
#include <utility>

#include "messages/ensure.hpp"

namespace queenright::host {

using persistence::HeldEffect;
using persistence::TurnRecord;

namespace {

/// Bytes of journal, and of snapshots so many times as much: they cost a fifth of what is written.
constexpr std::uint64_t checkpoint_every = 32U << 20U;
constexpr std::uint64_t snapshots_every = 4;

}  // namespace

GroupCommit::GroupCommit(persistence::Journal& journal, messages::Outlet& outlet,
                         const messages::Clock& clock, Hooks hooks, Patience patience)
    : journal_(journal),
      outlet_(outlet),
      clock_(clock),
      hooks_(std::move(hooks)),
      patience_(patience),
      last_position_(journal.tail().last_position),
      tail_(journal.tail()),
      synced_(last_position_.value),
      thread_([this] { write_until_stopped(); }) {}

GroupCommit::~GroupCommit() { stop(); }

messages::Position GroupCommit::append(const TurnRecord& record, std::vector<HeldEffect> held) {
  const std::lock_guard lock(mutex_);
  const bool waits = record.urgency == persistence::Urgency::at_once;
  messages::ensure(waits || held.empty(), "what holds something back is urgent");
  arrived_.group.append(record, std::move(held));
  ++last_position_.value;
  if (waits || arrived_.group.bytes() >= patience_.bytes)
    urge();
  else
    wait_at_most(record.urgency == persistence::Urgency::soon ? patience_.soon : patience_.lazy);
  return last_position_;
}

void GroupCommit::add_snapshot(messages::RoleId role, messages::RoleSequence sequence,
                               std::uint32_t version, std::string state) {
  const std::lock_guard lock(mutex_);
  arrived_.group.add_snapshot({role, sequence, last_position_, version, std::move(state)});
  urge();
}

void GroupCommit::forget_snapshot(messages::RoleId retired) {
  const std::lock_guard lock(mutex_);
  arrived_.group.forget_snapshot(retired);
  urge();
}

void GroupCommit::with_journal(std::function<void(persistence::Journal&)> job) {
  const std::lock_guard lock(mutex_);
  arrived_.jobs.push_back(std::move(job));
  urge();
}

/// For something that has arrived now.
void GroupCommit::wait_at_most(std::chrono::nanoseconds time) {
  if (arrived_.urgent) return;  // it goes with that
  const auto due = std::chrono::steady_clock::now() + time;
  if (due >= arrived_.due) return;
  arrived_.due = due;
  wake();
}

/// What has arrived is written with the next sync.
void GroupCommit::urge() {
  arrived_.urgent = true;
  wake();
}

void GroupCommit::wake() {
  if (std::exchange(idle_, false)) changed_.notify_one();
}

void GroupCommit::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    idle_ = false;
    changed_.notify_one();
  }
  if (thread_.joinable()) thread_.join();
}

void GroupCommit::write_until_stopped() {
  Arrived taken;
  while (true) {
    {
      std::unique_lock lock(mutex_);
      while (!is_due() && !stopping_) wait(lock);
      if (arrived_.empty()) return;
      std::swap(taken, arrived_);
    }
    if (!write(taken)) return;
    taken.group.clear();
    taken.jobs.clear();
    taken.urgent = false;
    taken.due = std::chrono::steady_clock::time_point::max();
  }
}

bool GroupCommit::is_due() const {
  if (arrived_.empty()) return false;
  return arrived_.urgent || std::chrono::steady_clock::now() >= arrived_.due;
}

void GroupCommit::wait(std::unique_lock<std::mutex>& lock) {
  idle_ = true;
  if (arrived_.empty())
    changed_.wait(lock);
  else
    changed_.wait_until(lock, arrived_.due);
}

/// One group: seal, write and sync, then release what waited for it. False: the journal failed.
bool GroupCommit::write(Arrived& taken) {
  const std::uint64_t before = tail_.bytes;
  snapshots_ += taken.group.snapshot_bytes();
  try {
    taken.group.write(journal_, tail_, clock_.wall());
    synced_ = tail_.last_position.value;
    for (auto& held : taken.group.held())
      outlet_.release(held.trace, held.cause, std::move(held.effect));
    for (auto& job : taken.jobs) job(journal_);
  } catch (const persistence::JournalFailed& failure) {
    hooks_.failed(failure.what());
    return false;
  }
  since_checkpoint_ += tail_.bytes - before;
  if (since_checkpoint_ >= std::max(checkpoint_every, snapshots_every * snapshots_)) {
    since_checkpoint_ = snapshots_ = 0;
    hooks_.checkpoint_due();
  }
  hooks_.committed();
  return true;
}

}  // namespace queenright::host
