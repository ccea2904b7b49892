#include "deploy/program/dev/local_hive.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <random>
#include <system_error>
#include <vector>

#include "deploy/program/document/refuse_errors.hpp"
#include "deploy/program/failure.hpp"

namespace queenright::program {
namespace {

constexpr const char* loopback = "127.0.0.1";
constexpr const char* client_name = "operator";

/// Below those that the kernel gives to connections: of these, one would be somebody's by the time
/// that the hive comes back.
constexpr std::uint16_t first_port = 20'000;
constexpr std::uint16_t last_port = 32'767;
constexpr int attempts = 1'000;

/// Holds free ports until all are found, so that no two are the same.
class FreePorts {
 public:
  ~FreePorts() {
    for (const int held : held_) close(held);
  }

  Address next() {
    const int held = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (held < 0) throw std::system_error(errno, std::generic_category(), "no socket");
    held_.push_back(held);
    for (int attempt = 0; attempt < attempts; ++attempt)
      if (const auto port = any_(random_); is_bound(held, port)) return {loopback, port};
    throw std::system_error(errno, std::generic_category(), "no free port");
  }

 private:
  static bool is_bound(int held, std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return bind(held, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }

  std::random_device random_;
  std::uniform_int_distribution<std::uint16_t> any_{first_port, last_port};
  std::vector<int> held_;
};

HiveSpec spec_of(std::size_t queens, std::size_t workers) {
  HiveSpec spec;
  spec.hive = "dev";
  spec.clients = {client_name};
  FreePorts ports;
  for (std::size_t i = 1; i <= queens; ++i) {
    const std::string name = "queen-" + std::to_string(i);
    spec.nodes.push_back({name, MemberKind::queen, ports.next(), ports.next(), "../" + name});
  }
  for (std::size_t i = 1; i <= workers; ++i) {
    const std::string name = "worker-" + std::to_string(i);
    spec.nodes.push_back({name, MemberKind::worker, {}, {}, "../" + name});
  }
  return spec;
}

edges::Descriptor locked(const std::filesystem::path& directory) {
  if (std::filesystem::exists(directory / "journal"))
    throw Failure(ExitCode::usage, directory.string() +
                                       " is the data of one node; a hive of several needs a "
                                       "directory of its own: --data DIR");
  std::filesystem::create_directories(directory);
  const auto file = directory / "lock";
  edges::Descriptor lock(open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
  if (!lock) throw Failure(ExitCode::usage, "can't write " + file.string());
  if (flock(lock.number(), LOCK_EX | LOCK_NB) != 0)
    throw Failure(ExitCode::unavailable,
                  "the hive in " + directory.string() + " runs already, by another process");
  return lock;
}

}  // namespace

std::filesystem::path LocalHive::node_file(const Member& node) const {
  return directory / "hive" / (node.name + ".yaml");
}

std::filesystem::path LocalHive::log_file(const Member& node) const {
  return directory / (node.name + ".log");
}

LocalHive local_hive(const std::filesystem::path& directory, std::size_t queens,
                     std::size_t workers) {
  LocalHive hive;
  hive.directory = std::filesystem::absolute(directory);
  hive.in_use = locked(hive.directory);
  const auto files = hive.directory / "hive";
  hive.client_file = files / (std::string(client_name) + ".client.yaml");
  if (!std::filesystem::exists(files / "hive.yaml")) {
    auto made = make_hive(spec_of(queens, workers));
    if (!made) throw Failure(ExitCode::usage, made.reason());
    if (const auto refused = write_hive(made.value(), files))
      throw Failure(ExitCode::usage, refused->reason);
    hive.founding = true;
  }
  auto reading = read_members_file(files / "hive.yaml");
  refuse_errors(reading.errors, "the hive's file");
  hive.members = std::move(reading.value);
  return hive;
}

}  // namespace queenright::program
