#pragma once

#include <string>

#include "actors/roles/plan/plan.hpp"

namespace queenright::roles {

/// What makes a plan impossible to run, or nothing. A plan file is checked with places and all
/// errors at once before it is sent (deploy/program); this guards a circuit against plans that
/// came from somewhere else.
std::string check(const Plan& plan);

/// What each step waits for, by places: its needs, their fallbacks, and the step that it stands in
/// for. Precondition: these places are in the plan.
std::vector<std::vector<std::uint32_t>> waited_for(const Plan& plan);

}  // namespace queenright::roles
