#pragma once

#include <filesystem>
#include <optional>

#include "deploy/program/failure.hpp"
#include "deploy/program/node/first_start.hpp"

namespace queenright::program {

/// `node --config FILE`: one node, in the foreground, until it is told to stop. `fault_line`: the
/// node's end of one, by which it is told what to suffer. Throws Failure.
ExitCode run_node(const std::filesystem::path& file, FirstStart first_start,
                  std::optional<int> fault_line);

}  // namespace queenright::program
