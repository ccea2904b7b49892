#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "deploy/program/client/remote_hive.hpp"
#include "deploy/program/failure.hpp"
#include "deploy/program/plan/checked_plan.hpp"
#include "deploy/program/run/outcome.hpp"
#include "deploy/program/run/retry.hpp"
#include "deploy/program/run/run_artifacts.hpp"
#include "messages/command.hpp"

/// The verbs about runs, on a hive elsewhere. All throw Failure.
namespace queenright::program {

struct RemoteRunOptions {
  HiveAccess access;
  std::string key;  ///< of the submit; empty: a new one
  PlanOptions plan;
  std::string output;  ///< of -o
  bool quiet = false;
  bool profile = false;  ///< tells where the time went
};

/// Submits the plan, follows it, prints its report.
ExitCode run_plan_on_hive(const std::filesystem::path& plan, const RemoteRunOptions& options);

/// Submits the plan, and prints the run's name as soon as the hive has it.
ExitCode start_run_on_hive(const std::filesystem::path& plan, const RemoteRunOptions& options);

/// What would run, and where, with the workers that are there now.
ExitCode dry_run_on_hive(const std::filesystem::path& plan, const RemoteRunOptions& options);

/// The last run of this very plan once more, from its recorded results.
ExitCode repeat_run_on_hive(const std::filesystem::path& plan, const RemoteRunOptions& options);

ExitCode list_runs_of_hive(const RemoteRunOptions& options, bool watch);
ExitCode report_run_of_hive(const std::string& run, ReportForm form,
                            const RemoteRunOptions& options);

/// The files that it has made.
ExitCode artifacts_of_run_on_hive(const std::string& run, const ArtifactOptions& artifacts,
                                  const RemoteRunOptions& options);

/// Follows a run to where it ends or waits, and prints its report.
ExitCode watch_run_of_hive(const std::string& run, const RemoteRunOptions& options);

ExitCode cancel_run_of_hive(const std::string& run, const RemoteRunOptions& options);

/// `runs retry RUN`, of one that waits or is over.
ExitCode retry_run_on_hive(const std::string& run, const RetryOptions& retry,
                           const RemoteRunOptions& options);

/// `runs retry RUN --dry-run`: prints what would be done again, or what the decision would do.
ExitCode preview_retry_on_hive(const std::string& run, const RetryOptions& retry,
                               const RemoteRunOptions& options);

/// `--dry-run` of a decision: what it would do to a run that is open.
ExitCode preview_decision_on_hive(const std::string& run, const messages::Command& decision,
                                  const RemoteRunOptions& options);

/// A person's decision about a step; the run is followed.
ExitCode decide_on_hive(const std::string& run, const messages::Command& decision,
                        const RemoteRunOptions& options);

}  // namespace queenright::program
