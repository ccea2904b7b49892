#pragma once

#include <rocksdb/db.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "messages/result.hpp"
#include "persistence/block.hpp"

namespace queenright::persistence {

/// The four families of keys in a journal's database.
enum class Family : std::uint8_t { blocks, newest_snapshots, base_snapshots, metadata };

/// RocksDB as the journal wants it: its options, its families, its errors as sentences.
class RocksdbDatabase {
 public:
  /// `create`: also where there is none yet; else its absence is refused.
  static messages::Result<RocksdbDatabase> open(const std::filesystem::path& directory,
                                                bool create);
  /// Another process may be writing; shows what there is now.
  static messages::Result<RocksdbDatabase> open_read_only(const std::filesystem::path& directory);
  /// As read-only, and can catch up; `own` is an empty directory, needed while this opens.
  static messages::Result<RocksdbDatabase> open_secondary(const std::filesystem::path& directory,
                                                          const std::filesystem::path& own);

  rocksdb::DB& db() const { return *db_; }
  rocksdb::ColumnFamilyHandle* family(Family family) const {
    return handles_[static_cast<std::size_t>(family)].get();
  }
  std::unique_ptr<rocksdb::Iterator> iterate(Family family) const;

  /// Before it, retention has dropped all blocks.
  BlockNumber first_kept() const;
  static constexpr const char* first_kept_name = "first";

 private:
  struct CloseHandle {
    rocksdb::DB* db;
    void operator()(rocksdb::ColumnFamilyHandle* handle) const {
      db->DestroyColumnFamilyHandle(handle);
    }
  };
  using Handle = std::unique_ptr<rocksdb::ColumnFamilyHandle, CloseHandle>;
  RocksdbDatabase(rocksdb::DB* db, const std::vector<rocksdb::ColumnFamilyHandle*>& handles);

  std::unique_ptr<rocksdb::DB> db_;
  std::vector<Handle> handles_;  // in the order of Family; go before the database
};

/// Is another one whenever a writer has put what was in one file into another: what was read of the
/// files meanwhile may lack something.
std::string generation_of(const std::filesystem::path& directory);

/// Keys of blocks sort as their numbers do.
std::string key_of(BlockNumber number);

}  // namespace queenright::persistence
