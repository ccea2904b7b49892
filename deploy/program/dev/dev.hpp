#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "deploy/program/failure.hpp"

namespace queenright::program {

struct DevOptions {
  std::filesystem::path data;
  std::optional<std::size_t> queens;   ///< of a new hive three; of one that is there, as many
  std::optional<std::size_t> workers;  ///< two, or as many
  std::string output;
  bool demo = true;
};

/// `dev`: a hive of real processes on this machine, until it is told to stop. A node that ends by
/// itself is started again. Throws Failure.
ExitCode run_dev(const DevOptions& options);

}  // namespace queenright::program
