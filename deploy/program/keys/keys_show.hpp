#pragma once

#include <filesystem>
#include <string>

#include "deploy/program/failure.hpp"

namespace queenright::program {

/// `keys show FILE`: what a secret key, or a hive's, node's or client's file is, without its
/// secrets. Throws Failure: usage.
ExitCode show_keys(const std::filesystem::path& file, const std::string& output);

}  // namespace queenright::program
