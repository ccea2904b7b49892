#pragma once

#include <filesystem>
#include <string>

#include "deploy/program/failure.hpp"

namespace queenright::program {

struct DevOptions {
  std::filesystem::path data;
  std::size_t queens = 3;
  std::size_t workers = 2;
  std::string output;
  bool demo = true;
};

/// `dev`: a hive of real processes on this machine, until it is told to stop. A node that ends by
/// itself is started again. Throws Failure.
ExitCode run_dev(const DevOptions& options);

}  // namespace queenright::program
