#pragma once

#include <filesystem>
#include <vector>

#include "deploy/program/client/remote_hive.hpp"
#include "deploy/program/dev/node_processes.hpp"

namespace queenright::bench {

/// A hive of real processes on this machine, as `dev` makes it, whose nodes can be made to suffer.
class LiveHive {
 public:
  /// `program` is what the nodes run.
  LiveHive(const std::string& program, const std::filesystem::path& directory, std::size_t queens);

  std::vector<program::Member> queens() const;
  const program::Member& node(messages::NodeId id) const;
  program::HiveAccess at(const program::Member& queen) const;
  program::NodeProcesses& processes() { return processes_; }

  /// Runs that never end: their worker is drained.
  std::vector<messages::CircuitId> open_runs(std::size_t count);

  /// All nodes run, hear each other, and see the same root of circuit 0; gives it.
  messages::NodeId wait_until_whole();

 private:
  std::optional<messages::NodeId> root_for_all();

  const program::LocalHive hive_;
  program::NodeProcesses processes_;
};

}  // namespace queenright::bench
