#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "deploy/program/failure.hpp"

namespace queenright::program {

/// `plan check FILE`: all that is wrong with it, each with its place; else what it would do, level
/// after level. As JSON errors and warnings are a part of it. Throws Failure: it has errors.
ExitCode check_plan(const std::filesystem::path& path, const std::vector<std::string>& variables,
                    const std::string& output);

}  // namespace queenright::program
