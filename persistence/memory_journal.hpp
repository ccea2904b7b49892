#pragma once

#include <map>
#include <memory>

#include "persistence/journal.hpp"

namespace queenright::persistence {

/// What outlives a MemoryJournal, as a disk outlives a process; and how it is to crash.
struct MemoryDisk {
  std::vector<std::string> blocks;  ///< from `first` on
  BlockNumber first{1};
  std::map<messages::RoleId, Snapshot> newest;
  std::map<messages::RoleId, Snapshot> base;
  std::map<std::string, std::string> metadata;

  std::optional<std::size_t> writes_left;  ///< the write after these crashes the journal
  bool keeps_unsynced = false;             ///< whether that write is there afterwards
};

/// The journal of a world without disks: simulation, tests, runs that nobody wants to keep.
class MemoryJournal final : public Journal {
 public:
  explicit MemoryJournal(std::shared_ptr<MemoryDisk> disk = std::make_shared<MemoryDisk>());

  Tail tail() const override;
  BlockNumber first() const override;
  messages::Result<bool> scan(BlockNumber from,
                              const std::function<bool(const Block&)>& visit) const override;
  messages::Result<std::vector<Snapshot>> newest_snapshots() const override;
  messages::Result<std::vector<Snapshot>> base_snapshots() const override;
  std::optional<std::string> metadata(const std::string& name) const override;

  void append(std::span<const std::string> blocks, std::span<const Snapshot> snapshots,
              std::span<const messages::RoleId> retired) override;
  void drop_before(BlockNumber keep) override;
  void put_metadata(const std::string& name, const std::string& value) override;

 private:
  void require_alive() const;
  /// Does `change` to the disk, unless the journal crashes before or after it.
  void write(const std::function<void()>& change);

  std::shared_ptr<MemoryDisk> disk_;
  Tail tail_;
  bool crashed_ = false;
};

}  // namespace queenright::persistence
