#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>

#include "deploy/program/failure.hpp"

namespace queenright::program {

struct ChaosOptions {
  std::string duration = "60s";
  std::string faults = "all";
  std::uint64_t seed = 1;
  std::size_t queens = 3;
  std::size_t workers = 2;
  std::size_t clients = 4;
  std::filesystem::path data;  ///< empty: one for the seed, in the usual place
  bool keep = false;           ///< the data, also when nothing was violated
  std::string output;
};

/// `chaos`: a hive of real processes on this machine at work, under faults that the seed draws, and
/// what must hold afterwards. Throws Failure.
ExitCode run_chaos(const ChaosOptions& options);

}  // namespace queenright::program
