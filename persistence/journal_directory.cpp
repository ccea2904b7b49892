#include "persistence/journal_directory.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <set>
#include <utility>

#include "persistence/durable_file.hpp"

namespace queenright::persistence {
namespace {

namespace fs = std::filesystem;
using messages::Refusal;
using messages::Result;

constexpr std::string_view marker_text = "queenright journal, format ";

/// The first entry that no unfinished journal has.
std::optional<std::string> foreign_entry(const fs::path& path) {
  const std::set<std::string_view> ours = {"lock", "rocksdb", "tail", "JOURNAL.new"};
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(path, error))
    if (!ours.contains(entry.path().filename().string())) return entry.path().filename().string();
  return std::nullopt;
}

/// Belongs to the open file: neither a fork nor another open in this process releases it.
struct flock whole_file() {
  struct flock lock {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  return lock;
}

}  // namespace

Result<JournalDirectory> JournalDirectory::take(const fs::path& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (error) return Refusal{path.string() + ": " + error.message()};
  JournalDirectory directory(path);
  if (auto refusal = directory.check(true)) return std::move(*refusal);
  if (auto refusal = directory.lock()) return std::move(*refusal);
  return directory;
}

Result<JournalDirectory> JournalDirectory::look(const fs::path& path) {
  JournalDirectory directory(path);
  if (auto refusal = directory.check(false)) return std::move(*refusal);
  return directory;
}

JournalDirectory::JournalDirectory(JournalDirectory&& other) noexcept
    : path_(std::move(other.path_)), lock_(std::exchange(other.lock_, -1)) {}

JournalDirectory::~JournalDirectory() {
  if (lock_ >= 0) ::close(lock_);
}

bool JournalDirectory::is_marked() const {
  std::error_code error;
  return fs::exists(marker(), error);
}

std::optional<Refusal> JournalDirectory::mark() {
  if (is_marked()) return std::nullopt;
  return replace_file(marker(), std::string(marker_text) + std::to_string(known_format) + "\n");
}

bool JournalDirectory::has_writer() const {
  const int file = ::open(lock_file().c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return false;
  struct flock lock = whole_file();
  const bool held = ::fcntl(file, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
  ::close(file);
  return held;
}

std::optional<Refusal> JournalDirectory::check(bool may_be_new) const {
  const std::string not_a_journal = "not a journal: " + path_.string();
  std::error_code error;
  if (!fs::is_directory(path_, error)) return Refusal{not_a_journal + " is not a directory"};
  std::ifstream file(marker());
  if (!file) {
    const auto foreign = foreign_entry(path_);
    if (foreign) return Refusal{not_a_journal + " holds " + *foreign + ", and no file JOURNAL"};
    if (!may_be_new) return Refusal{not_a_journal + " is empty, or was never finished"};
    return std::nullopt;
  }
  std::array<char, 64> start{};
  file.read(start.data(), start.size());
  const std::string_view text(start.data(), static_cast<std::size_t>(file.gcount()));
  int format = 0;
  if (text.substr(0, marker_text.size()) != marker_text ||
      std::from_chars(text.data() + marker_text.size(), text.data() + text.size(), format).ec !=
          std::errc())
    return Refusal{not_a_journal + "/JOURNAL says something else"};
  if (format > known_format)
    return Refusal{path_.string() + " is a journal of format " + std::to_string(format) +
                   "; this program knows " + std::to_string(known_format)};
  return std::nullopt;
}

std::optional<Refusal> JournalDirectory::lock() {
  lock_ = ::open(lock_file().c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (lock_ < 0) return system_refusal(lock_file(), "can't be opened");
  struct flock lock = whole_file();
  if (::fcntl(lock_, F_OFD_SETLK, &lock) != 0) {
    if (errno != EAGAIN && errno != EACCES) return system_refusal(lock_file(), "can't be locked");
    std::array<char, 16> holder{};
    const auto size = ::pread(lock_, holder.data(), holder.size(), 0);
    const std::string process(holder.data(), static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
    return Refusal{path_.string() + " is in use by " +
                   (process.empty() ? "another process" : "process " + process)};
  }
  const std::string process = std::to_string(::getpid());
  if (::ftruncate(lock_, 0) != 0 ||
      ::pwrite(lock_, process.data(), process.size(), 0) != static_cast<ssize_t>(process.size()))
    return system_refusal(lock_file(), "can't be written");
  return std::nullopt;
}

}  // namespace queenright::persistence
