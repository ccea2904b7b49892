#pragma once

#include "deploy/program/document/problems.hpp"
#include "deploy/program/plan/plan_draft.hpp"

namespace queenright::program {

/// Reads the keys of a plan; whatever is wrong with one of them is reported and left out, so
/// that all the rest is looked at as well. The draft points into `root`.
PlanDraft read_plan_keys(const YamlNode& root, Problems& problems);

}  // namespace queenright::program
