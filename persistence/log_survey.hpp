#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "messages/result.hpp"

namespace queenright::persistence {

/// A stretch of a log file that can't be read.
struct LogWound {
  std::string file;
  std::uint64_t offset{};
  std::uint64_t bytes{};
  /// Cut short or with a hole, as a crash leaves the last write, which nobody had been promised.
  /// False: all of it is there, and differs.
  bool torn{};
  bool followed{};  ///< by sound records: then it had been synced, whatever it looks like
};

/// What RocksDB's write-ahead log says of itself. RocksDB reads up to the first wound and drops
/// the rest without a word, so this looks first; nothing is changed.
struct LogSurvey {
  std::uint64_t last_sequence{};  ///< of any sound record, RocksDB's own count
  std::vector<LogWound> wounds;   ///< in the order of writing
};

/// All log files of a database directory. Refused when a file can't be read.
messages::Result<LogSurvey> survey_logs(const std::filesystem::path& database);

/// The same of RocksDB's list of its table files, which has the format of a log and is dropped
/// from the first wound on as silently. Its records have no sequence.
messages::Result<LogSurvey> survey_manifest(const std::filesystem::path& database);

}  // namespace queenright::persistence
