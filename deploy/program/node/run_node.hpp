#pragma once

#include <filesystem>

#include "deploy/program/failure.hpp"

namespace queenright::program {

/// `node --config FILE`: one node, in the foreground, until it is told to stop. `founding`: the
/// hive has never run. Throws Failure.
ExitCode run_node(const std::filesystem::path& file, bool founding);

}  // namespace queenright::program
