#pragma once

#include <filesystem>
#include <string>

#include "actors/roles/plan/plan.hpp"
#include "deploy/program/failure.hpp"
#include "deploy/program/run/outcome.hpp"
#include "deploy/program/run/run_artifacts.hpp"
#include "messages/command.hpp"

/// The verbs that look at runs, as the journal has them. All throw Failure.
namespace queenright::program {

ExitCode list_runs(const std::filesystem::path& data, const std::string& output, bool watch);

/// Follows a run that another process runs, by its journal, to where it ends or waits; prints its
/// report.
ExitCode watch_run(const std::filesystem::path& data, const std::string& run,
                   const std::string& output, bool quiet);
ExitCode report_run(const std::filesystem::path& data, const std::string& run, ReportForm form,
                    const std::string& output);

/// The last run of this very plan once more, from its recorded results: nothing is started; its
/// report is what comes of them, and it ends as that run did.
ExitCode repeat_run_of(const roles::Plan& plan, const std::filesystem::path& data,
                       const std::string& output);

/// The files that it has made.
ExitCode artifacts_of_run(const std::filesystem::path& data, const std::string& run,
                          const ArtifactOptions& options, const std::string& output);

/// `--dry-run` of a decision: what it would do to a run that is open.
ExitCode preview_decision(const std::filesystem::path& data, const std::string& run,
                          const messages::Command& decision, const std::string& output);

ExitCode export_run_to(const std::filesystem::path& data, const std::string& run,
                       const std::filesystem::path& file);

}  // namespace queenright::program
