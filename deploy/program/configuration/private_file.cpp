#include "deploy/program/configuration/private_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "actors/sockets/keys.hpp"

namespace queenright::program {
namespace {

using messages::Refusal;
using messages::Result;

constexpr std::size_t most_bytes = 64U << 10U;
constexpr mode_t not_the_owners = S_IRWXG | S_IRWXO;

Refusal refusal_of_system(const char* what) {
  return Refusal{fmt::format("{}: {}", what, std::strerror(errno))};
}

Result<std::string> read_open(int file, const std::filesystem::path& path) {
  struct stat status {};
  if (::fstat(file, &status) != 0) return refusal_of_system("can't be looked at");
  if (!S_ISREG(status.st_mode)) return Refusal{"this is no regular file"};
  if ((status.st_mode & not_the_owners) != 0)
    return Refusal{
        fmt::format("it holds a secret, and its mode is {:o}, so others may have it; "
                    "'chmod 600 {}', and make new keys if others were there",
                    status.st_mode & 07777U, path.string())};
  std::string bytes(most_bytes + 1, '\0');
  std::size_t size = 0;
  ssize_t count = 1;
  while (count > 0 && size < bytes.size()) {
    count = ::read(file, bytes.data() + size, bytes.size() - size);
    if (count > 0) size += static_cast<std::size_t>(count);
  }
  if (count < 0) return refusal_of_system("can't be read");
  if (size > most_bytes) return Refusal{"it has more than 64 KiB"};
  bytes.resize(size);
  return bytes;
}

}  // namespace

Result<std::string> read_private_file(const std::filesystem::path& path) {
  // O_NONBLOCK: a FIFO is refused, not waited for.
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  if (file < 0) return refusal_of_system("can't be opened");
  auto bytes = read_open(file, path);
  ::close(file);
  return bytes;
}

Result<std::string> read_secret_key(const std::filesystem::path& path) {
  auto bytes = read_private_file(path);
  if (!bytes) return bytes;
  std::string key = std::move(bytes).value();
  if (key.ends_with('\n')) key.pop_back();
  if (sockets::is_key(key)) return key;
  return Refusal{
      "this is no secret key: one is 40 characters of Z85, as 'queenright keys new' "
      "makes it"};
}

}  // namespace queenright::program
