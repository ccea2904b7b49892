#include "persistence/retention.hpp"

#include <algorithm>

namespace queenright::persistence {

using messages::Position;
using messages::Result;
using messages::WallTime;

bool may_go(const BlockHeader& block, const Tail& tail, const RetentionLimits& limits,
            Position needed, WallTime now) {
  if (block.number >= tail.last || block.last() >= needed) return false;
  const bool too_much = limits.max_bytes != 0 && tail.bytes - block.bytes_before > limits.max_bytes;
  const bool too_old = limits.max_age.count() != 0 &&
                       now.milliseconds - block.written.milliseconds > limits.max_age.count();
  return too_much || too_old;
}

Position needed_after(const std::vector<Snapshot>& newest, const Tail& tail) {
  Position needed{tail.last_position.value + 1};
  for (const Snapshot& snapshot : newest)
    needed = std::min(needed, Position{snapshot.position.value + 1});
  return needed;
}

Result<BlockNumber> oldest_to_keep(const Recording& journal, const RetentionLimits& limits,
                                   Position needed, WallTime now) {
  const Tail tail = journal.tail();
  BlockNumber kept = std::max(tail.last, BlockNumber{1});  // must be kept, as far as is known
  BlockNumber oldest = journal.first();                    // all before it may go
  while (oldest < kept) {
    const BlockNumber middle{oldest.value + (kept.value - oldest.value) / 2};
    bool goes = false;
    const auto read = journal.scan(middle, [&](const Block& block) {
      goes = may_go(block.header(), tail, limits, needed, now);
      return false;
    });
    if (!read) return messages::Refusal{read.reason()};
    if (goes)
      oldest.value = middle.value + 1;
    else
      kept = middle;
  }
  return oldest;
}

}  // namespace queenright::persistence
