#pragma once

#include "actors/roles/plan/plan.hpp"
#include "sim/world/chance.hpp"

namespace queenright::sim {

/// A few steps with needs, conditions, fan-outs and retries. Every child has a time limit, so a
/// run ends, or waits for a person, whatever its children do.
roles::Plan made_up_plan(Chance& chance);

/// One step that does nothing, on a worker.
roles::Plan plain_plan();

}  // namespace queenright::sim
