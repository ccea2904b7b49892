#include "persistence/rocksdb_database.hpp"

#include <cstdarg>
#include <cstdlib>
#include <fstream>

namespace queenright::persistence {
namespace {

using messages::Refusal;
using messages::Result;

class Silence final : public rocksdb::Logger {
 public:
  Silence() : rocksdb::Logger(rocksdb::InfoLogLevel::FATAL_LEVEL) {}
  using rocksdb::Logger::Logv;
  void Logv(const char*, va_list) override {}
};

/// Measured: one small memtable and no compression are fastest; recycled log files would defeat
/// the recovery mode; a failed write must never be retried behind our back.
rocksdb::DBOptions database_options() {
  rocksdb::DBOptions options;
  options.create_if_missing = false;
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kPointInTimeRecovery;
  options.recycle_log_file_num = 0;
  options.allow_concurrent_memtable_write = false;
  options.atomic_flush = true;
  options.max_total_wal_size = std::uint64_t{64} << 20U;
  options.max_background_jobs = 2;
  options.max_bgerror_resume_count = 0;
  options.stats_dump_period_sec = 0;
  options.stats_persist_period_sec = 0;
  options.skip_stats_update_on_db_open = true;
  options.max_manifest_file_size = std::uint64_t{16} << 20U;
  options.info_log = std::make_shared<Silence>();
  return options;
}

std::vector<rocksdb::ColumnFamilyDescriptor> families() {
  rocksdb::ColumnFamilyOptions options;
  options.write_buffer_size = std::size_t{16} << 20U;
  options.max_write_buffer_number = 4;
  options.compression = rocksdb::kNoCompression;
  return {{rocksdb::kDefaultColumnFamilyName, options},
          {"newest_snapshots", options},
          {"base_snapshots", options},
          {"metadata", options}};
}

using Handles = std::vector<rocksdb::ColumnFamilyHandle*>;

}  // namespace

RocksdbDatabase::RocksdbDatabase(rocksdb::DB* db, const Handles& handles) : db_(db) {
  for (auto* handle : handles) handles_.emplace_back(handle, CloseHandle{db});
}

Result<RocksdbDatabase> RocksdbDatabase::open(const std::filesystem::path& directory, bool create) {
  rocksdb::DBOptions options = database_options();
  options.create_if_missing = create;
  options.create_missing_column_families = create;
  rocksdb::DB* db = nullptr;
  Handles handles;
  const auto status = rocksdb::DB::Open(options, directory.string(), families(), &handles, &db);
  if (!status.ok()) return Refusal{status.ToString()};
  return RocksdbDatabase(db, handles);
}

Result<RocksdbDatabase> RocksdbDatabase::open_read_only(const std::filesystem::path& directory) {
  // A writer may remove a file between our reading of its name and our opening it.
  constexpr int attempts = 5;
  rocksdb::Status status;
  for (int attempt = 0; attempt < attempts; ++attempt) {
    rocksdb::DB* db = nullptr;
    Handles handles;
    status = rocksdb::DB::OpenForReadOnly(database_options(), directory.string(), families(),
                                          &handles, &db);
    if (status.ok()) return RocksdbDatabase(db, handles);
  }
  return Refusal{status.ToString()};
}

Result<RocksdbDatabase> RocksdbDatabase::open_secondary(const std::filesystem::path& directory,
                                                        const std::filesystem::path& own) {
  rocksdb::DB* db = nullptr;
  Handles handles;
  const auto status = rocksdb::DB::OpenAsSecondary(database_options(), directory.string(),
                                                   own.string(), families(), &handles, &db);
  if (!status.ok()) return Refusal{status.ToString()};
  return RocksdbDatabase(db, handles);
}

std::unique_ptr<rocksdb::Iterator> RocksdbDatabase::iterate(Family which) const {
  rocksdb::ReadOptions options;
  options.fill_cache = false;
  options.readahead_size = std::size_t{2} << 20U;
  return std::unique_ptr<rocksdb::Iterator>(db_->NewIterator(options, family(which)));
}

BlockNumber RocksdbDatabase::first_kept() const {
  std::string number;
  const auto status = db_->Get({}, family(Family::metadata), first_kept_name, &number);
  return {status.ok() ? std::strtoull(number.c_str(), nullptr, 10) : 1};
}

/// RocksDB writes every such change into its manifest before it removes the file that had it; each
/// opening begins a new manifest, which CURRENT names.
std::string generation_of(const std::filesystem::path& directory) {
  std::ifstream current(directory / "CURRENT");
  std::string manifest;
  std::getline(current, manifest);
  std::error_code error;
  const auto size = std::filesystem::file_size(directory / manifest, error);
  return error ? manifest : manifest + " " + std::to_string(size);
}

std::string key_of(BlockNumber number) {
  std::string key(sizeof(number.value), '\0');
  for (std::size_t i = 0; i < key.size(); ++i)
    key[i] = static_cast<char>(static_cast<unsigned char>(number.value >> (8U * (7 - i))));
  return key;
}

}  // namespace queenright::persistence
