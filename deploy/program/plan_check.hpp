#pragma once

#include "deploy/program/plan_draft.hpp"
#include "deploy/program/plan_problems.hpp"

namespace queenright::program {

/// What steps say of each other and of vars: ids, needs, cycles, and what expressions may name.
/// Resolves the needs of every step.
void check_steps(PlanDraft& draft, PlanProblems& problems);

}  // namespace queenright::program
