#pragma once

#include <filesystem>
#include <string>

#include "deploy/program/failure.hpp"

namespace queenright::program {

/// `node --config FILE --check`: what the node would be, with the environment's overrides. Throws
/// Failure (usage) after all errors were told.
ExitCode check_node(const std::filesystem::path& file, const std::string& output);

}  // namespace queenright::program
