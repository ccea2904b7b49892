#pragma once

#include "deploy/program/plan_draft.hpp"
#include "deploy/program/plan_problems.hpp"

namespace queenright::program {

/// Reads the keys of a plan; whatever is wrong with one of them is reported and left out, so
/// that all the rest is looked at as well. The draft points into `root`.
PlanDraft read_plan_keys(const YamlNode& root, PlanProblems& problems);

}  // namespace queenright::program
