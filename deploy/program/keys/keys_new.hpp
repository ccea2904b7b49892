#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "deploy/program/failure.hpp"
#include "deploy/program/keys/make_hive.hpp"

namespace queenright::program {

struct KeysNewOptions {
  std::string hive;
  std::vector<std::string> nodes;    ///< NAME:queen@HOST[:PORT] or NAME:worker
  std::vector<std::string> clients;  ///< names; none: "operator"
  std::filesystem::path directory;   ///< empty: as the hive is named
  std::string output;
  bool dry_run = false;
};

/// `keys new HIVE`: makes a hive's keys and files. Throws Failure: usage.
ExitCode make_keys(const KeysNewOptions& options);

/// What the options ask for. A queen without a port gets 7401, and 7402 for clients; the next one
/// on the same host 7411 and 7412, and so on. Refused, with all reasons.
messages::Result<HiveSpec> spec_of(const KeysNewOptions& options);

}  // namespace queenright::program
