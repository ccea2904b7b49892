#pragma once

#include "messages/ids.hpp"
#include "persistence/journal.hpp"

namespace queenright::persistence {

/// How much of the past is kept. Zero: no limit of that kind.
struct RetentionLimits {
  std::uint64_t max_bytes{};
  std::chrono::milliseconds max_age{};
};

/// Whether a block is beyond the limits and nothing needs it. `needed` is the oldest input that
/// recovery of some role still steps: the one after its newest snapshot, its first one where it
/// has none; one after the tail when there is no role. Where this holds for a block it holds for
/// all before it.
bool may_go(const BlockHeader& block, const Tail& tail, const RetentionLimits& limits,
            messages::Position needed, messages::WallTime now);

/// What the newest snapshots need, as may_go means it; each role is taken to have one.
messages::Position needed_after(const std::vector<Snapshot>& newest, const Tail& tail);

/// For Journal::drop_before: the oldest block to keep; the last one always is. Reads a header
/// for each halving of the journal. Refused: a block can't be read.
messages::Result<BlockNumber> oldest_to_keep(const Recording& journal,
                                             const RetentionLimits& limits,
                                             messages::Position needed, messages::WallTime now);

}  // namespace queenright::persistence
