#include "actors/edges/artifact_store.hpp"

#include <fcntl.h>
#include <glob.h>
#include <sodium/crypto_hash_sha256.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <memory>
#include <set>

#include "actors/edges/captured_output.hpp"
#include "actors/edges/descriptor.hpp"

namespace queenright::edges {

using messages::Artifact;
using messages::Refusal;
using messages::Result;

namespace fs = std::filesystem;

namespace {

constexpr std::string_view digest_mark = "sha256:";

Refusal said(const fs::path& file) { return Refusal{file.string() + ": " + std::strerror(errno)}; }

bool is_digest(const std::string& digest) {
  return digest.size() == digest_mark.size() + 64 && digest.starts_with(digest_mark) &&
         digest.find_first_not_of("0123456789abcdef", digest_mark.size()) == std::string::npos;
}

struct Copied {
  std::string digest;
  std::uint64_t size = 0;
};

/// All of one file into the other, which is durable then.
Result<Copied> copy(const fs::path& from, const fs::path& to, mode_t mode) {
  const Descriptor source(::open(from.c_str(), O_RDONLY | O_CLOEXEC));
  if (!source) return said(from);
  const Descriptor target(::open(to.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode));
  if (!target) return said(to);
  Digest digest;
  Copied copied;
  std::string piece(artifact_piece, '\0');
  for (;;) {
    const auto size = ::read(source.number(), piece.data(), piece.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return said(from);
    if (size == 0) break;
    const std::string_view bytes(piece.data(), static_cast<std::size_t>(size));
    digest.append(bytes);
    copied.size += bytes.size();
    if (!write_all(target, bytes)) return said(to);
  }
  if (::fsync(target.number()) != 0) return said(to);
  copied.digest = digest.text();
  return copied;
}

/// What was written is found after a power cut, too.
void sync_directory(const fs::path& directory) {
  const Descriptor open(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (open) ::fsync(open.number());
}

/// Of a file that is durable then.
Result<std::string> durable_digest(const fs::path& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file || ::fsync(file.number()) != 0) return said(path);
  Digest digest;
  std::string piece(artifact_piece, '\0');
  for (;;) {
    const auto size = ::read(file.number(), piece.data(), piece.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return said(path);
    if (size == 0) return digest.text();
    digest.append({piece.data(), static_cast<std::size_t>(size)});
  }
}

std::string unique_name() {
  static std::atomic<std::uint64_t> last = 0;
  return "part-" + std::to_string(::getpid()) + "-" + std::to_string(++last);
}

}  // namespace

bool is_inside(std::string_view path) {
  if (path.empty() || path.starts_with('/')) return false;
  for (const auto& part : fs::path(path))
    if (part == "..") return false;
  return true;
}

fs::path ArtifactStore::file_of(const std::string& digest) const {
  return directory_ / digest.substr(digest_mark.size());
}

Result<Artifact> ArtifactStore::keep(const fs::path& file, std::string path) {
  std::error_code error;
  fs::create_directories(directory_, error);
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0) return said(file);
  const auto part = directory_ / unique_name();
  const auto copied = copy(file, part, 0600);
  if (!copied) {
    fs::remove(part, error);
    return Refusal{"artifact " + copied.reason()};
  }
  if (::rename(part.c_str(), file_of(copied.value().digest).c_str()) != 0) return said(part);
  sync_directory(directory_);
  return Artifact{std::move(path), copied.value().digest, copied.value().size,
                  (status.st_mode & S_IXUSR) != 0};
}

bool ArtifactStore::has(const std::string& digest) const {
  std::error_code unreadable;
  return is_digest(digest) && fs::exists(file_of(digest), unreadable);
}

Result<bool> ArtifactStore::place(const Artifact& artifact, const fs::path& directory) const {
  if (!is_digest(artifact.digest) || !is_inside(artifact.path))
    return Refusal{"'" + artifact.path + "' is no artifact"};
  const auto target = directory / artifact.path;
  std::error_code error;
  fs::create_directories(target.parent_path(), error);
  const auto part = target.parent_path() / ("." + unique_name());
  const auto copied = copy(file_of(artifact.digest), part, artifact.executable ? 0755 : 0644);
  if (!copied) {
    fs::remove(part, error);
    return Refusal{"artifact " + artifact.path + ": " + copied.reason()};
  }
  if (copied.value().digest != artifact.digest) {
    fs::remove(part, error);
    fs::remove(file_of(artifact.digest), error);  // a disk has changed it
    return Refusal{"artifact " + artifact.path + " is damaged on this node"};
  }
  if (::rename(part.c_str(), target.c_str()) != 0) return said(target);
  return true;
}

Result<std::string> ArtifactStore::read(const std::string& digest, std::uint64_t offset,
                                        std::size_t most) const {
  if (!has(digest)) return Refusal{"this node has no artifact " + digest};
  const Descriptor file(::open(file_of(digest).c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) return said(file_of(digest));
  std::string piece(most, '\0');
  const auto size = ::pread(file.number(), piece.data(), piece.size(), static_cast<off_t>(offset));
  if (size < 0) return said(file_of(digest));
  piece.resize(static_cast<std::size_t>(size));
  return piece;
}

Result<bool> ArtifactStore::take(const std::string& sender, const std::string& digest,
                                 std::uint64_t size, std::uint64_t offset, std::string_view bytes) {
  if (!is_digest(digest)) return Refusal{"'" + digest + "' is no digest"};
  if (has(digest)) return true;
  if (offset > size || bytes.size() > size - offset)
    return Refusal{"the piece is not within the artifact"};
  std::error_code error;
  fs::create_directories(directory_, error);
  const auto part = directory_ / ("from-" + sender + "-" + digest.substr(digest_mark.size()));
  {
    const int begun = offset == 0 ? O_TRUNC : 0;
    const Descriptor file(::open(part.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | begun, 0600));
    struct stat status {};
    if (!file || ::fstat(file.number(), &status) != 0) return said(part);
    if (static_cast<std::uint64_t>(status.st_size) != offset)
      return Refusal{"a piece before this one is missing: begin again"};
    if (::lseek(file.number(), 0, SEEK_END) < 0 || !write_all(file, bytes)) return said(part);
  }
  if (offset + bytes.size() < size) return true;
  const auto whole = durable_digest(part);
  if (whole && whole.value() == digest && ::rename(part.c_str(), file_of(digest).c_str()) == 0) {
    sync_directory(directory_);
    return true;
  }
  fs::remove(part, error);
  return Refusal{whole ? "what came is not " + digest : whole.reason()};
}

void ArtifactStore::forget_unfinished() {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(directory_, error))
    if (const auto name = entry.path().filename().string();
        name.starts_with("part-") || name.starts_with("from-"))
      fs::remove(entry.path(), error);
}

Result<std::vector<std::string>> files_matching(const fs::path& directory,
                                                const std::vector<std::string>& patterns) {
  std::string here;
  for (const char c : directory.string() + "/") {
    if (std::strchr("*?[\\", c) != nullptr) here += '\\';
    here += c;
  }
  std::set<std::string> files;
  for (const auto& pattern : patterns) {
    if (!is_inside(pattern)) return Refusal{"'" + pattern + "' leads out of the directory"};
    glob_t found{};
    const int failed = ::glob((here + pattern).c_str(), GLOB_NOSORT, nullptr, &found);
    const std::unique_ptr<glob_t, void (*)(glob_t*)> freed(&found, ::globfree);
    if (failed == GLOB_NOMATCH) return Refusal{"no file is called '" + pattern + "'"};
    if (failed != 0) return Refusal{"'" + pattern + "' can't be looked for"};
    bool any = false;
    for (std::size_t i = 0; i < found.gl_pathc; ++i) {
      const fs::path file(found.gl_pathv[i]);
      std::error_code error;
      if (fs::is_directory(file, error)) continue;  // what is in it has names of its own
      if (!fs::is_regular_file(file, error))
        return Refusal{"'" + file.lexically_relative(directory).string() + "' is no file"};
      files.insert(file.lexically_relative(directory).string());
      any = true;
    }
    if (!any) return Refusal{"no file is called '" + pattern + "'"};
  }
  return std::vector<std::string>(files.begin(), files.end());
}

}  // namespace queenright::edges
