#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "deploy/program/failure.hpp"

/// The verbs that only look: at recordings, and at the runs in them.
namespace queenright::program {

ExitCode verify_journal(const std::filesystem::path& recording, const std::string& output);
ExitCode stat_journal(const std::filesystem::path& recording, const std::string& output);

/// `journal tail`: the last `count` inputs; with `follow`, all that come, until interrupted.
ExitCode tail_journal(const std::filesystem::path& recording, std::uint64_t count, bool follow);

ExitCode list_runs(const std::filesystem::path& data, const std::string& output);
ExitCode report_run(const std::filesystem::path& data, const std::string& run,
                    const std::string& output);
ExitCode export_run_to(const std::filesystem::path& data, const std::string& run,
                       const std::filesystem::path& file);

}  // namespace queenright::program
