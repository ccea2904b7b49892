#include "persistence/commit_group.hpp"

#include <numeric>
#include <utility>

#include "messages/ensure.hpp"

namespace queenright::persistence {

namespace {
constexpr std::size_t block_size = 1U << 20U;  // larger groups are split (tail slots hold one)
}

void CommitGroup::append(const TurnRecord& record, std::vector<HeldEffect> held) {
  current_.append(record);
  if (current_.size() >= block_size) full_.push_back(std::exchange(current_, BlockBuilder{}));
  for (auto& effect : held) held_.push_back(std::move(effect));
}

std::size_t CommitGroup::records() const {
  std::size_t count = current_.count();
  for (const auto& block : full_) count += block.count();
  return count;
}

std::size_t CommitGroup::bytes() const {
  std::size_t size = current_.empty() ? 0 : current_.size();
  for (const auto& block : full_) size += block.size();
  return size;
}

std::size_t CommitGroup::snapshot_bytes() const {
  return std::accumulate(
      snapshots_.begin(), snapshots_.end(), std::size_t{0},
      [](std::size_t sum, const Snapshot& snapshot) { return sum + snapshot.state.size(); });
}

std::vector<std::string> CommitGroup::seal(Tail& tail, messages::WallTime now) {
  std::vector<std::string> blocks;
  for (auto& full : full_) blocks.push_back(full.seal(tail, now));
  if (!current_.empty()) blocks.push_back(current_.seal(tail, now));
  full_.clear();
  return blocks;
}

void CommitGroup::write(Journal& journal, Tail& tail, messages::WallTime now) {
  if (empty()) return;
  journal.append(seal(tail, now), snapshots_, retired_);
}

void CommitGroup::clear() {
  full_.clear();
  held_.clear();
  snapshots_.clear();
  retired_.clear();
}

void CommitGroup::cut(std::size_t records, Tail tail) {
  const messages::Position last{tail.last_position.value + records};
  if (records < this->records()) retired_.clear();
  std::erase_if(snapshots_, [&](const Snapshot& snapshot) { return snapshot.position > last; });
  held_.clear();
  for (const auto& block : seal(tail, {})) {
    const auto whole = trusted_block(block).for_each([&](messages::Position position,
                                                         const Record& record) {
      if (position <= last)
        append({record.role, record.sequence, record.input, record.effects, record.failure}, {});
      return true;
    });
    messages::ensure(static_cast<bool>(whole), "what was sealed here can be read here");
  }
}

}  // namespace queenright::persistence
