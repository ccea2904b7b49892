#include "persistence/durable_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

namespace queenright::persistence {

namespace fs = std::filesystem;
using messages::Refusal;

Refusal system_refusal(const fs::path& path, std::string_view what) {
  return Refusal{path.string() + " " + std::string(what) + ": " + std::strerror(errno)};
}

namespace {

std::optional<Refusal> sync(const fs::path& path, int flags) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | flags);
  if (file < 0) return system_refusal(path, "can't be opened");
  std::optional<Refusal> refusal;
  if (::fsync(file) != 0) refusal = system_refusal(path, "can't be synced");
  ::close(file);
  return refusal;
}

}  // namespace

std::optional<Refusal> sync_file(const fs::path& file) { return sync(file, 0); }

std::optional<Refusal> sync_directory(const fs::path& directory) {
  return sync(directory, O_DIRECTORY);
}

std::optional<Refusal> replace_file(const fs::path& path, std::string_view bytes, mode_t mode) {
  fs::path draft = path;
  draft += ".new";
  ::unlink(draft.c_str());  // what a crash left has a mode of its own
  const int file = ::open(draft.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
  if (file < 0) return system_refusal(draft, "can't be made");
  ssize_t written = 1;
  while (!bytes.empty() && written > 0) {
    written = ::write(file, bytes.data(), bytes.size());
    if (written > 0) bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  std::optional<Refusal> refusal;
  if (!bytes.empty() || ::fsync(file) != 0) refusal = system_refusal(draft, "can't be written");
  ::close(file);
  if (refusal) return refusal;
  if (::rename(draft.c_str(), path.c_str()) != 0) return system_refusal(path, "can't be replaced");
  return sync_directory(path.has_parent_path() ? path.parent_path() : ".");
}

}  // namespace queenright::persistence
