#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "deploy/program/failure.hpp"

/// The verbs of `journal`: what a recording holds.
namespace queenright::program {

ExitCode verify_journal(const std::filesystem::path& recording, const std::string& output);
ExitCode stat_journal(const std::filesystem::path& recording, const std::string& output);

/// `journal tail`: the last `count` inputs; with `follow`, all that come, until interrupted.
ExitCode tail_journal(const std::filesystem::path& recording, std::uint64_t count, bool follow,
                      const std::string& output);

}  // namespace queenright::program
