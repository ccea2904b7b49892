#include "sim/world/disk.hpp"

#include <utility>

#include "persistence/replay.hpp"
#include "persistence/retention.hpp"

namespace queenright::sim {

using persistence::MemoryDisk;
using persistence::MemoryJournal;

std::unique_ptr<persistence::Journal> Disk::open() const {
  return std::make_unique<MemoryJournal>(disk_);
}

std::string Disk::unreadable() const {
  if (disk_->blocks.empty()) return {};
  const auto last = persistence::open_block(disk_->blocks.back());
  return last ? std::string() : last.reason();
}

bool Disk::take_room(std::uint64_t bytes) {
  if (!room_) return true;
  const bool enough = bytes <= *room_;
  *room_ = enough ? *room_ - bytes : 0;
  return enough;
}

void Disk::lie(bool on) {
  lies_ = on;
  if (on && !honest_) honest_ = *disk_;
}

void Disk::synced() {
  if (!lies_) honest_.reset();
}

void Disk::crashed() {
  if (!honest_) return;
  honest_->metadata = disk_->metadata;
  *disk_ = *std::exchange(honest_, std::nullopt);
  if (lies_) honest_ = *disk_;
}

void Disk::lose() {
  disk_ = std::make_shared<MemoryDisk>();
  honest_.reset();
  if (lies_) honest_.emplace();
}

void Disk::tear_last_block() {
  if (disk_->blocks.empty()) return;
  auto& last = disk_->blocks.back();
  last.resize(last.size() / 2);
}

void Disk::flip_bit(Chance& chance) {
  if (disk_->blocks.empty() || !unreadable().empty()) return;
  const MemoryJournal journal(disk_);
  const auto needed = persistence::needed_after(journal.newest_snapshots().value(), journal.tail());
  if (needed > journal.tail().last_position) return;  // nothing is read again
  const auto first = persistence::block_of(journal, needed);
  const auto skipped = first.value - disk_->first.value;
  auto& block = disk_->blocks[skipped + chance.below(disk_->blocks.size() - skipped)];
  block[chance.below(block.size())] ^= static_cast<char>(1U << chance.below(8));
}

}  // namespace queenright::sim
