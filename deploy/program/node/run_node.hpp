#pragma once

#include <filesystem>
#include <optional>

#include "deploy/program/failure.hpp"

namespace queenright::program {

/// `node --config FILE`: one node, in the foreground, until it is told to stop. `founding`: the
/// hive has never run. `fault_line`: the node's end of one, by which it is told what to suffer.
/// Throws Failure.
ExitCode run_node(const std::filesystem::path& file, bool founding, std::optional<int> fault_line);

}  // namespace queenright::program
