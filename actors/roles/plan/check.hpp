#pragma once

#include <string>

#include "actors/roles/plan/plan.hpp"

namespace queenright::roles {

/// What makes a plan impossible to run, or nothing. A plan file is checked with places and all
/// errors at once before it is sent (deploy/program); this guards a circuit against plans that
/// came from somewhere else.
std::string check(const Plan& plan);

}  // namespace queenright::roles
