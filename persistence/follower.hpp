#pragma once

#include <filesystem>
#include <functional>
#include <memory>

#include "persistence/block.hpp"

namespace queenright::persistence {

class RocksdbDatabase;

/// Reads a journal that another process is writing, as it grows (`journal tail -f`). Shows what
/// the writer has written, which may be a moment before it is synced.
class Follower {
 public:
  /// `from`: the first block to show; blocks that retention has dropped are passed over.
  static messages::Result<std::unique_ptr<Follower>> open(const std::filesystem::path& directory,
                                                          BlockNumber from);
  ~Follower();
  Follower(const Follower&) = delete;
  Follower& operator=(const Follower&) = delete;

  /// Visits the blocks that have come since the last poll, until `visit` returns false. Gives
  /// whether it was called for all of them, or the first damage.
  messages::Result<bool> poll(const std::function<bool(const Block&)>& visit);

 private:
  explicit Follower(BlockNumber from);

  std::unique_ptr<RocksdbDatabase> database_;
  BlockNumber next_;
};

}  // namespace queenright::persistence
