#pragma once

#include <filesystem>

#include "deploy/program/failure.hpp"
#include "deploy/program/node/first_start.hpp"

namespace queenright::program {

/// `node --config FILE`: one node, in the foreground, until it is told to stop. Throws Failure.
ExitCode run_node(const std::filesystem::path& file, FirstStart first_start);

}  // namespace queenright::program
