#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "deploy/program/configuration/hive_members.hpp"
#include "deploy/program/document/document.hpp"
#include "messages/log.hpp"

/// How one node is set up: `node.yaml`, and what the environment overrides.
namespace queenright::program {

using messages::LogLevel;
std::string_view name_of(LogLevel level);

struct WorkerConfig {
  std::uint32_t slots = 0;  ///< attempts at once; 0: twice the processors, at least four
  std::vector<std::string> capabilities{"exec"};
  std::map<std::string, std::string> labels;
  std::uint32_t trust = 0;                                     ///< up to 100
  std::string region;                                          ///< empty: none
  messages::Duration time_to_live = std::chrono::seconds{60};  ///< without word of its hive
  bool operator==(const WorkerConfig&) const = default;
};

struct JournalConfig {
  std::uint64_t keep_bytes = std::uint64_t{1} << 30U;  ///< 0: no limit
  std::uint32_t keep_days = 30;                        ///< 0: no limit
  bool operator==(const JournalConfig&) const = default;
};

struct NodeConfig {
  HiveMembers members;
  std::string node;                       ///< the name of one of the members
  std::string secret_key;                 ///< whose public half the members have for it
  std::filesystem::path data;             ///< its directory; need not be there yet
  std::optional<Address> listen;          ///< for other nodes; every queen has one, no worker
  std::optional<Address> listen_clients;  ///< likewise
  std::optional<WorkerConfig> worker;     ///< every worker has one; a queen who is one, too
  JournalConfig journal;
  LogLevel log = LogLevel::info;

  /// Of a config without errors.
  const Member& self() const;
};

/// The variables that override a node's file, by their names.
using Environment = std::map<std::string, std::string>;

/// Those of this process which begin with QUEENRIGHT_NODE_.
Environment node_environment();

/// Reads `node.yaml` and the files that it names; paths in it, and in the environment, are
/// relative to where it is. Errors of all these files and variables at once.
Reading<NodeConfig> read_node_file(const std::filesystem::path& path,
                                   const Environment& environment);

}  // namespace queenright::program
