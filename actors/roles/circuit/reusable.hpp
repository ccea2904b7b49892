#pragma once

#include <vector>

#include "actors/roles/circuit/circuit_state.hpp"

namespace queenright::roles {

/// What another run of the same plan need not do again: of each step that has succeeded, was not
/// undone and has waited for none that is done again, what it gave. Precondition: the run is over.
std::vector<messages::ReusedStep> reusable(const CircuitState& state);

/// Without this step, and without what waits for it: that is to be done again. False: the plan has
/// no such step.
bool do_again(std::vector<messages::ReusedStep>& reused, const Plan& plan, const std::string& step);

/// With this step, as if it had succeeded and given nothing. Likewise.
bool skip(std::vector<messages::ReusedStep>& reused, const Plan& plan, const std::string& step);

}  // namespace queenright::roles
