#pragma once

#include <functional>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "persistence/block.hpp"
#include "persistence/snapshot.hpp"

namespace queenright::persistence {

/// An append or a sync has failed. Nothing is retried: the process has to end.
class JournalFailed : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// What was said, to be read: a journal or an exported slice. One thread at a time.
class Recording {
 public:
  virtual ~Recording() = default;

  virtual Tail tail() const = 0;
  virtual BlockNumber first() const = 0;  ///< the oldest block kept; 1 when there is none yet

  /// Visits the blocks from `from` (or the oldest kept) up to the tail, in order, until `visit`
  /// returns false. Checks numbers, checksums and chain; gives whether the tail was reached, or
  /// the first damage.
  virtual messages::Result<bool> scan(BlockNumber from,
                                      const std::function<bool(const Block&)>& visit) const = 0;

  /// Where recovery starts: the newest of each role, in the order of roles.
  virtual messages::Result<std::vector<Snapshot>> newest_snapshots() const = 0;
  /// Where the kept blocks start: the newest of each role when older blocks were dropped. An
  /// input of a role that is not here, with a sequence above 1, belongs to a role that had
  /// retired before the drop.
  virtual messages::Result<std::vector<Snapshot>> base_snapshots() const = 0;

  /// Small facts about the node (id, incarnation, role version), by name.
  virtual std::optional<std::string> metadata(const std::string& name) const = 0;
};

/// The message log of one node. One writer, one thread.
class Journal : public Recording {
 public:
  /// Appends sealed blocks, which continue the tail, with one sync; snapshots and the roles
  /// that have retired (their snapshot goes) are stored atomically with the last block. Returns
  /// when all is durable. Throws JournalFailed, and so does every call after that.
  virtual void append(std::span<const std::string> blocks, std::span<const Snapshot> snapshots,
                      std::span<const messages::RoleId> retired) = 0;

  /// Forgets the blocks before `keep`, which must not be after the last one; the newest
  /// snapshots become the base. Throws JournalFailed.
  virtual void drop_before(BlockNumber keep) = 0;

  /// Durable when it returns. Throws JournalFailed.
  virtual void put_metadata(const std::string& name, const std::string& value) = 0;
};

/// Notes that the node has ended as it should; nothing is to be appended after it.
void mark_clean_stop(Journal& journal);
bool stopped_cleanly(const Recording& recording);

}  // namespace queenright::persistence
