#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "deploy/program/configuration/client_keys.hpp"
#include "deploy/program/configuration/hive_members.hpp"
#include "messages/result.hpp"

namespace queenright::program {

struct NodeSpec {
  std::string name;
  MemberKind kind{};
  std::optional<Address> address;  ///< a queen has both
  std::optional<Address> clients;
  std::filesystem::path data;  ///< in the node's file; relative to that
};

struct HiveSpec {
  std::string hive;
  std::vector<NodeSpec> nodes;
  std::vector<std::string> clients;  ///< names
  messages::Timing timing = messages::usual_timing;
};

/// A new hive in memory, with fresh keys: no other one has its id.
struct MadeHive {
  struct Node {
    NodeSpec spec;
    std::string secret_key;
  };

  HiveMembers members;  ///< ids from 1 in the order of the spec
  std::vector<Node> nodes;
  std::vector<ClientKeys> clients;
};

/// Refused, with all reasons, where the members would be refused as a file.
messages::Result<MadeHive> make_hive(const HiveSpec& spec);

struct HiveFile {
  std::string name;
  std::string text;
  bool secret{};  ///< for its owner alone
};

/// hive.yaml; NAME.yaml and NAME.key of every node; NAME.client.yaml of every client.
std::vector<HiveFile> files_of(const MadeHive& hive);

/// Why a new hive can't be written there: it is neither missing nor an empty directory.
std::optional<messages::Refusal> refuses_hive(const std::filesystem::path& directory);

/// Writes all files into a new directory for its owner alone, or, when refused, nothing: they
/// are made beside it, and moved in one step. `directory` is missing or an empty one.
std::optional<messages::Refusal> write_hive(const MadeHive& hive,
                                            const std::filesystem::path& directory);

}  // namespace queenright::program
