#pragma once

#include "actors/roles/plan/plan.hpp"
#include "sim/world/chance.hpp"

namespace queenright::sim {

/// A few steps with needs, conditions, fan-outs and retries. Every child has a time limit, so a
/// run ends, or waits for a person or a worker, whatever its children do. `choosy`: some steps need
/// workers with something that not all of them have.
roles::Plan made_up_plan(Chance& chance, bool choosy);

/// What a run of the timeline is to do.
struct PlainWork {
  messages::Duration runs{};  ///< its child; 0: it does nothing, on a worker
  bool idempotent = true;
};

/// One step that succeeds.
roles::Plan plain_plan(const PlainWork& work);

}  // namespace queenright::sim
