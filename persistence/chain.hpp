#pragma once

#include <optional>
#include <span>

#include "persistence/block.hpp"
#include "persistence/snapshot.hpp"

namespace queenright::persistence {

/// Opens the blocks of a chain one after the other and names the first that is damaged, missing
/// or of another chain.
class Chain {
 public:
  /// A chain whose next block continues `tail`.
  explicit Chain(const Tail& tail) : tail_(tail) {}
  /// A chain of which the blocks before `from` are not known.
  explicit Chain(BlockNumber from) : tail_{{from.value - 1}, {}, {}, 0}, joined_(false) {}

  messages::Result<Block> next(std::string_view bytes);

  BlockNumber expected() const { return {tail_.last.value + 1}; }
  const Tail& tail() const { return tail_; }

 private:
  std::optional<messages::Refusal> broken_by(const BlockHeader& header) const;

  Tail tail_;
  bool joined_ = true;  ///< the whole of tail_ is known, not only its number
};

/// The tail after blocks that this process has sealed. A block out of order, or a snapshot of
/// what is not yet in the journal, is a bug.
Tail tail_after(Tail tail, std::span<const std::string> sealed,
                std::span<const Snapshot> snapshots);

/// "block 17", as in every message about one.
std::string name_of(BlockNumber number);

}  // namespace queenright::persistence
