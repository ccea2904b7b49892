#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "deploy/program/plan/selection.hpp"

namespace queenright::program {

/// What of a plan is wanted.
struct PlanOptions {
  std::vector<std::string> variables;
  Selection selection;
};

/// Reads the plan's file, says all that is wrong with it, and leaves out what is not selected.
/// Throws Failure: usage.
roles::Plan checked_plan(const std::filesystem::path& path, const PlanOptions& options);

}  // namespace queenright::program
