#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "messages/result.hpp"

namespace queenright::persistence {

/// A directory that holds a journal: a marker with the format, the database, the tail slots, and
/// a lock with the number of the process that writes.
class JournalDirectory {
 public:
  static constexpr int known_format = 1;

  /// For the one writer; made when it is missing or empty. Refused: in use, foreign, newer.
  static messages::Result<JournalDirectory> take(const std::filesystem::path& path);
  /// For readers. Refused: missing, empty, foreign, newer.
  static messages::Result<JournalDirectory> look(const std::filesystem::path& path);

  JournalDirectory(JournalDirectory&& other) noexcept;
  JournalDirectory& operator=(JournalDirectory&&) = delete;
  ~JournalDirectory();

  std::filesystem::path database() const { return path_ / "rocksdb"; }
  std::filesystem::path tail_slots() const { return path_ / "tail"; }

  bool is_marked() const;  ///< false: being made, the database may not be there yet
  /// The database is there: from now on its absence is damage. Gives what went wrong.
  std::optional<messages::Refusal> mark();

  /// Whether some process holds the directory for writing now.
  bool has_writer() const;

 private:
  explicit JournalDirectory(std::filesystem::path path) : path_(std::move(path)) {}
  std::optional<messages::Refusal> check(bool may_be_new) const;
  std::optional<messages::Refusal> lock();
  std::filesystem::path marker() const { return path_ / "JOURNAL"; }
  std::filesystem::path lock_file() const { return path_ / "lock"; }

  std::filesystem::path path_;
  int lock_ = -1;
};

}  // namespace queenright::persistence
