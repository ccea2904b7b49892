#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "actors/roles/circuit/circuit_state.hpp"
#include "deploy/program/formats.hpp"
#include "deploy/program/records/again.hpp"
#include "messages/result.hpp"

/// Running a plan again without what has succeeded.
namespace queenright::program {

struct RetryOptions {
  std::vector<std::string>
      again;                      ///< steps that are done again in any case, with what waits for it
  std::vector<std::string> skip;  ///< steps that are taken for done
};

/// A plan, and what of it need not be done again.
struct Retry {
  roles::Plan plan;
  std::vector<messages::ReusedStep> reused;
};

/// Throws Failure: the options name steps that the plan has not got, or leave one undecided.
Retry retry_of(const Again& again, const RetryOptions& options);

/// Of a run in this directory; nothing: it is not over. Throws Failure.
std::optional<Retry> retry_of_ended(const std::filesystem::path& data, const std::string& run,
                                    const RetryOptions& options);

/// `--dry-run` of a retry: "after" the run, what is "reused", done "again", and "partly" both: the
/// steps, by their ids.
messages::Value preview_of(const Retry& retry, const std::string& run);
std::string retry_preview_text(const messages::Value& preview, Format format);

/// What a person decides about a run that waits. Throws Failure: about no step, or several.
messages::ResolveStep decision_of(const std::string& run, const RetryOptions& options);

}  // namespace queenright::program
