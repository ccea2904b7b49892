#include "tests/bench/live_hive.hpp"

#include <fstream>
#include <stdexcept>
#include <thread>

#include "deploy/program/failure.hpp"
#include "deploy/program/hive/hive_view.hpp"
#include "deploy/program/hive/moves.hpp"
#include "deploy/program/plan/checked_plan.hpp"
#include "deploy/program/run/submission.hpp"

namespace queenright::bench {

using messages::NodeId;
using program::Member;
using program::MemberKind;
using std::chrono::milliseconds;

namespace {

program::LocalHive made(const std::string& program, const std::filesystem::path& directory,
                        std::size_t queens) {
  auto hive = program::local_hive(directory, queens, 1);
  hive.program = program;
  return hive;
}

}  // namespace

LiveHive::LiveHive(const std::string& program, const std::filesystem::path& directory,
                   std::size_t queens)
    : hive_(made(program, directory, queens)),
      processes_(hive_, program::NodeProcesses::FaultLines::open) {
  processes_.wait_until_ready();
}

std::vector<Member> LiveHive::queens() const {
  std::vector<Member> found;
  for (const auto& node : hive_.members.nodes)
    if (node.kind == MemberKind::queen) found.push_back(node);
  return found;
}

const Member& LiveHive::node(NodeId id) const {
  for (const auto& node : hive_.members.nodes)
    if (node.id == id) return node;
  throw std::invalid_argument("no such node");
}

program::HiveAccess LiveHive::at(const Member& queen) const {
  return {text_of(*queen.clients), hive_.client_file};
}

std::vector<messages::CircuitId> LiveHive::open_runs(std::size_t count) {
  const auto file = hive_.directory / "endless.yaml";
  std::ofstream(file) << "plan: endless\nsteps:\n  - {id: s, exec: [\"true\"]}\n";
  const auto plan = program::checked_plan(file, {});
  program::RemoteHive hive(at(queens().front()), true);
  program::drain_node(hive, "worker-1", {"so that the runs wait", false, true, true});
  std::vector<messages::CircuitId> circuits;
  for (std::size_t i = 0; i < count; ++i)
    circuits.push_back(
        program::submit(hive.client(), plan, "endless-" + std::to_string(i), 0).circuit);
  return circuits;
}

std::optional<NodeId> LiveHive::root_for_all() {
  std::optional<NodeId> root;
  for (const auto& queen : queens()) {
    if (!processes_.is_ready(queen.name)) return std::nullopt;
    program::RemoteHive hive(at(queen), true);
    const auto seen = program::root_of(hive);
    if (!seen || (root && seen != root)) return std::nullopt;
    const auto nodes = program::nodes_of(hive);
    for (const auto& node : *nodes.list())
      if (!*node.map()->at("heard").boolean()) return std::nullopt;
    root = seen;
  }
  return root;
}

NodeId LiveHive::wait_until_whole() {
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{60};
  while (std::chrono::steady_clock::now() < until) {
    try {
      if (const auto root = root_for_all()) return *root;
    } catch (const program::Failure&) {  // a queen who is not there yet
    }
    std::this_thread::sleep_for(milliseconds{50});
  }
  throw std::runtime_error("the hive does not come back");
}

}  // namespace queenright::bench
