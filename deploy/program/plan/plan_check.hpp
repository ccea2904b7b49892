#pragma once

#include "deploy/program/document/problems.hpp"
#include "deploy/program/plan/plan_draft.hpp"

namespace queenright::program {

/// What steps say of each other and of vars: ids, needs, cycles, and what expressions may name.
/// Resolves the needs of every step.
void check_steps(PlanDraft& draft, Problems& problems);

}  // namespace queenright::program
