#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "persistence/journal.hpp"

/// The recordings which a path on the command line means.
namespace queenright::program {

/// A data directory has its journal below it; a journal or a slice stands for itself.
std::filesystem::path recording_path(const std::filesystem::path& path);

/// Throws Failure: nothing to be replayed, or damaged.
std::unique_ptr<persistence::Recording> open_recording_at(const std::filesystem::path& path);

/// A directory that has one recording for each node below it, in the order of their numbers;
/// nothing, if it is itself one.
std::vector<std::filesystem::path> recordings_below(const std::filesystem::path& path);

}  // namespace queenright::program
