#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "deploy/program/failure.hpp"
#include "deploy/program/plan/checked_plan.hpp"
#include "deploy/program/run/embedded_hive.hpp"
#include "deploy/program/run/report_text.hpp"
#include "deploy/program/run/retry.hpp"

/// The verbs that run something, on an embedded hive.
namespace queenright::program {

struct RunOptions {
  HiveOptions hive;
  std::string key;  ///< of the submit; empty: a new one
  PlanOptions plan;
  std::string output;  ///< of -o
  bool quiet = false;
  bool profile = false;  ///< tells where the time went
};

/// `run PLAN`: submits the plan, follows it, prints its report.
ExitCode run_plan(const std::filesystem::path& plan, const RunOptions& options);

/// `run PLAN --dry-run`: what would run, and where.
ExitCode dry_run(const std::filesystem::path& plan, const RunOptions& options);

/// `runs resume [RUN]`: takes a run, or all, to the end or to where a person is needed.
ExitCode resume_runs(const std::optional<std::string>& run, const RunOptions& options);

/// `runs retry RUN`: of one that waits, a decision about a step of unknown fate; of one that is
/// over, another run of its plan without what has succeeded.
ExitCode retry_run(const std::string& run, const RetryOptions& retry, const RunOptions& options);

/// `runs resume [RUN] --dry-run`: prints which would go on.
ExitCode preview_resume(const std::optional<std::string>& run, const RunOptions& options);

/// `runs approve|reject RUN`: recorded, and nothing more; it is `runs resume` that goes on.
ExitCode record_decision(const std::string& run, const messages::ApproveStep& decision,
                         const RunOptions& options);

/// `runs retry RUN --dry-run`: prints what would be done again, or what the decision would do.
ExitCode preview_retry(const std::string& run, const RetryOptions& retry,
                       const RunOptions& options);

/// `runs cancel RUN`, or `retry` of a step of unknown fate: the run goes on.
ExitCode decide(const std::string& run, const messages::Command& decision,
                const RunOptions& options);

}  // namespace queenright::program
