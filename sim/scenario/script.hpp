#pragma once

#include "sim/campaign/trial.hpp"
#include "sim/scenario/scenario.hpp"

namespace queenright::sim {

/// What the clients of a scenario do, in the order of time.
std::vector<Doing> doings_of(const Scenario& scenario);

}  // namespace queenright::sim
