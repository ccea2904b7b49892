// bench_failover PROGRAM DIRECTORY KIND CIRCUITS ROUNDS: takes the root of circuit 0 away as often,
// and prints for each time how many milliseconds passed until the next root had committed a
// command. KIND: kill, stop, partition, demote. Three queens; CIRCUITS are open, circuit 0
// included.

#include <signal.h>

#include <cstdio>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <map>
#include <stdexcept>
#include <string>
#include <thread>

#include "deploy/program/hive/hive_view.hpp"
#include "deploy/program/random_key.hpp"
#include "tests/bench/live_hive.hpp"

namespace queenright::bench {
namespace {

using messages::NodeId;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

/// How a root goes, and comes back.
struct Kind {
  std::function<void(LiveHive&, NodeId root)> begin;
  std::function<void(LiveHive&, NodeId root)> end;
};

void tell(LiveHive& hive, NodeId node, const program::FaultOrder& order) {
  if (!hive.processes().tell(hive.node(node).name, order, milliseconds{5000}))
    throw std::runtime_error("a node does not obey");
}

void cut_off(LiveHive& hive, NodeId root) {
  for (const auto& other : hive.queens())
    if (other.id != root) tell(hive, root, program::CutPeer{other.id, true, true});
}

void start_again(LiveHive& hive, NodeId root) {
  while (hive.processes().take_ended().empty()) std::this_thread::sleep_for(milliseconds{5});
  hive.processes().start_again(hive.node(root).name);
}

/// On a connection of its own: the answer says that it is committed.
void hand_over(LiveHive& hive, NodeId root) {
  program::RemoteHive at_root(hive.at(hive.node(root)), true);
  at_root.client().ask({messages::hive_circuit,
                        {"bench/" + program::random_key(), 0},
                        messages::HandOver{"it is measured"}});
}

Kind kind_of(const std::string& name) {
  const auto nothing = [](LiveHive&, NodeId) {};
  const auto send = [](int signal) {
    return [signal](LiveHive& hive, NodeId root) {
      hive.processes().send_signal(hive.node(root).name, signal);
    };
  };
  if (name == "kill") return {send(SIGKILL), start_again};
  if (name == "stop") return {send(SIGSTOP), send(SIGCONT)};
  if (name == "partition")
    return {cut_off, [](LiveHive& hive, NodeId root) { tell(hive, root, program::Heal{}); }};
  if (name == "demote") return {hand_over, nothing};
  throw std::invalid_argument("KIND is kill, stop, partition or demote");
}

/// A command that changes nothing, and is answered once it is committed.
void commit_something(program::RemoteHive& hive) {
  hive.client().ask({messages::hive_circuit,
                     {"bench/" + program::random_key(), 0},
                     messages::UndrainNode{{999}}});
}

/// Milliseconds; the root was another one before.
double round(LiveHive& hive, const Kind& kind) {
  const NodeId root = hive.wait_until_whole();
  const auto standby = hive.queens()[root == hive.queens()[0].id ? 1 : 0];
  program::RemoteHive at_standby(hive.at(standby), true);
  commit_something(at_standby);  // it is connected
  kind.begin(hive, root);
  const auto began = steady_clock::now();
  double took = 0;
  do {
    commit_something(at_standby);
    took = std::chrono::duration<double, std::milli>(steady_clock::now() - began).count();
  } while (program::root_of(at_standby) == root);
  kind.end(hive, root);
  return took;
}

void measure(const std::string& program, const std::string& directory, const std::string& kind,
             std::size_t circuits, int rounds) {
  LiveHive hive(program, directory, 3);
  hive.open_runs(circuits - 1);
  const Kind chosen = kind_of(kind);
  for (int i = 0; i < rounds; ++i) {
    std::cout << round(hive, chosen) << std::endl;
    std::this_thread::sleep_for(milliseconds{300});  // at rest, and at no fixed time of a hello
  }
}

}  // namespace
}  // namespace queenright::bench

int main(int count, char** arguments) {
  if (count != 6) {
    std::cerr << "bench_failover PROGRAM DIRECTORY KIND CIRCUITS ROUNDS\n";
    return 2;
  }
  queenright::bench::measure(arguments[1], arguments[2], arguments[3], std::stoul(arguments[4]),
                             std::stoi(arguments[5]));
}
