#include "sim/world/sequencer.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <utility>

#include "sim/world/early_release.hpp"

namespace queenright::sim {

using persistence::HeldEffect;
using persistence::TurnRecord;

namespace {

// What promises nothing goes after one of these.
constexpr messages::Duration patience = std::chrono::seconds{1};
constexpr std::size_t most_bytes = 64U << 10U;

}  // namespace

Sequencer::Sequencer(Ports ports)
    : ports_(std::move(ports)), tail_(ports_.journal.tail()), last_(tail_.last_position) {}

messages::Position Sequencer::append(const TurnRecord& record, std::vector<HeldEffect> held) {
  const auto early = std::stable_partition(held.begin(), held.end(), [&](const HeldEffect& one) {
    return !leaves_early(one.effect, ports_.rules);
  });
  for (auto one = early; one != held.end(); ++one)
    ports_.later({}, [this, loose = std::make_shared<HeldEffect>(std::move(*one))] {
      ports_.release(std::move(*loose));
    });
  held.erase(early, held.end());
  arrived_.group.append(record, std::move(held));
  ++last_.value;
  consider();
  return last_;
}

void Sequencer::add_snapshot(messages::RoleId role, messages::RoleSequence sequence,
                             std::uint32_t version, std::string state) {
  arrived_.group.add_snapshot({role, sequence, last_, version, std::move(state)});
  consider();
}

void Sequencer::forget_snapshot(messages::RoleId retired) {
  arrived_.group.forget_snapshot(retired);
  consider();
}

void Sequencer::with_journal(std::function<void(persistence::Journal&)> job) {
  arrived_.jobs.push_back(std::move(job));
  consider();
}

bool Sequencer::is_urgent() const {
  return arrived_.group.holds() || !arrived_.jobs.empty() || arrived_.group.bytes() >= most_bytes;
}

void Sequencer::consider() {
  if (busy_) return;
  if (is_urgent()) return begin();
  if (waiting_ || arrived_.group.empty()) return;
  waiting_ = true;
  ports_.later(patience, [this] {
    waiting_ = false;
    if (!busy_ && !arrived_.group.empty()) begin();
  });
}

void Sequencer::begin() {
  busy_ = true;
  std::swap(arrived_, writing_);
  ports_.later(ports_.disk.sync_span, [this] { finish(); });
}

void Sequencer::finish() {
  if (!write()) return;
  ports_.synced();
  for (auto& held : writing_.group.held()) ports_.release(std::move(held));
  for (auto& job : writing_.jobs) job(ports_.journal);
  writing_.group.clear();
  writing_.jobs.clear();
  busy_ = false;
  consider();
}

/// False: the disk has failed, and the process has to end.
bool Sequencer::write() {
  Disk& disk = ports_.disk;
  if (std::exchange(disk.fail_next_sync, false)) {
    ports_.failed("a sync failed");
    return false;
  }
  if (std::exchange(disk.fail_next_write, false) || !disk.take_room(writing_.group.bytes())) {
    writing_.group.cut(0, tail_);
    arrived_.group.cut(0, tail_);
    ports_.failed(disk.is_full() ? "no space left" : "a write failed");
    return false;
  }
  writing_.group.write(ports_.journal, tail_, ports_.clock.wall());
  disk.synced();
  return true;
}

void Sequencer::crash(std::uint32_t kept_permille) {
  const std::size_t writing = writing_.group.records();
  const std::size_t kept = (writing + arrived_.group.records()) * kept_permille / 1000;
  const auto write_first = [&](persistence::CommitGroup& group, std::size_t records) {
    group.cut(records, tail_);
    group.write(ports_.journal, tail_, ports_.clock.wall());
  };
  write_first(writing_.group, std::min(kept, writing));
  if (kept >= writing) write_first(arrived_.group, kept - writing);
}

}  // namespace queenright::sim
