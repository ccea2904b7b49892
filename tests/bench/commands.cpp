// bench_commands PROGRAM DIRECTORY QUEENS CLIENTS one|each SECONDS: how many commands of 200 bytes
// a hive makes durable in a second, each client waiting for the answer to one before it gives the
// next. All on one circuit, or each on a circuit of its own. Clients share eight connections.
// Prints the rate, and of a command the median and 99th percentile in milliseconds.

#include <algorithm>
#include <atomic>
#include <iostream>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "actors/edges/hive_connection.hpp"
#include "deploy/program/configuration/client_keys.hpp"
#include "deploy/program/random_key.hpp"
#include "tests/bench/live_hive.hpp"

namespace queenright::bench {
namespace {

using messages::CircuitId;
using std::chrono::steady_clock;

constexpr std::size_t connections_at_most = 8;

/// Refused by every circuit's role, once it is committed: all that a command costs, and no state.
messages::Command command() {
  return messages::ResolveStep{std::string(200, 'x'), messages::Resolution{}};
}

/// Clients that share a connection: each has one command under way.
class Clients {
 public:
  Clients(edges::HiveConnection::Options options, std::vector<CircuitId> circuits)
      : session_("bench/" + program::random_key()),
        circuits_(std::move(circuits)),
        began_(circuits_.size()),
        connection_(
            std::move(options),
            {[this](const messages::ClientResponse& response) { take(response); },
             [this](const std::string&) { begin(); }, [](const std::string&) {}, [](bool) {}}) {}

  void stop() { stopping_ = true; }
  std::vector<double> milliseconds() {
    const std::lock_guard lock(mutex_);
    return took_;
  }

 private:
  void begin() {
    for (std::size_t client = 0; client < circuits_.size(); ++client) give(client);
  }

  /// The client's number is the lower part of the key's.
  void give(std::size_t client) {
    began_[client] = steady_clock::now();
    const std::uint64_t number = ++given_ * 1000 + client;
    connection_.say({messages::client_version,
                     {},
                     {messages::Submit{circuits_[client], {session_, number}, command()}},
                     {}});
  }

  void take(const messages::ClientResponse& response) {
    const auto now = steady_clock::now();
    for (const auto& item : response.items) {
      const auto* reply = std::get_if<messages::Reply>(&item);
      if (reply == nullptr || reply->key.session != session_) continue;
      const std::size_t client = reply->key.sequence % 1000;
      {
        const std::lock_guard lock(mutex_);
        took_.push_back(std::chrono::duration<double, std::milli>(now - began_[client]).count());
      }
      if (!stopping_) give(client);
    }
  }

  const std::string session_;
  const std::vector<CircuitId> circuits_;  ///< of each client
  std::uint64_t given_ = 0;
  std::vector<steady_clock::time_point> began_;
  std::atomic<bool> stopping_{false};
  std::mutex mutex_;
  std::vector<double> took_;
  edges::HiveConnection connection_;
};

edges::HiveConnection::Options options_for(const program::HiveAccess& access) {
  const auto keys = program::client_keys(access);
  edges::HiveConnection::Options options;
  options.keys = keys.keys;
  for (const auto& queen : keys.queens)
    options.queens.push_back({queen.name, text_of(queen.address), queen.key});
  return options;
}

/// Asks the queen by whom the circuits were opened: she leads them.
std::vector<double> load(LiveHive& hive, const std::vector<CircuitId>& circuits, double seconds) {
  hive.wait_until_whole();
  const auto access = hive.at(hive.queens().front());
  const std::size_t connections = std::min(circuits.size(), connections_at_most);
  std::vector<std::unique_ptr<Clients>> all;
  for (std::size_t i = 0; i < connections; ++i) {
    std::vector<CircuitId> mine;
    for (std::size_t client = i; client < circuits.size(); client += connections)
      mine.push_back(circuits[client]);
    all.push_back(std::make_unique<Clients>(options_for(access), std::move(mine)));
  }
  std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
  std::vector<double> took;
  for (auto& clients : all) {
    clients->stop();
    const auto some = clients->milliseconds();
    took.insert(took.end(), some.begin(), some.end());
  }
  std::sort(took.begin(), took.end());
  return took;
}

}  // namespace
}  // namespace queenright::bench

int main(int count, char** arguments) {
  using namespace queenright;
  if (count != 7) {
    std::cerr << "bench_commands PROGRAM DIRECTORY QUEENS CLIENTS one|each SECONDS\n";
    return 2;
  }
  bench::LiveHive hive(arguments[1], arguments[2], std::stoul(arguments[3]));
  const std::size_t clients = std::stoul(arguments[4]);
  auto circuits = hive.open_runs(std::string(arguments[5]) == "each" ? clients : 1);
  circuits.resize(clients, circuits.front());
  const double seconds = std::stod(arguments[6]);
  const auto took = bench::load(hive, circuits, seconds);
  if (took.empty()) return 1;
  std::cout << static_cast<double>(took.size()) / seconds << ' ' << took[took.size() / 2] << ' '
            << took[took.size() * 99 / 100] << std::endl;
}
