#pragma once

#include <cstdint>
#include <vector>

#include "actors/roles/plan/plan.hpp"

/// The order in which a plan's steps can begin, by their places. Precondition of both: the places
/// that its needs and fallbacks name are in the plan.
namespace queenright::roles {

/// What each step waits for: its needs, their fallbacks, and the step that it stands in for.
std::vector<std::vector<std::uint32_t>> waited_for(const Plan& plan);

/// One level after the other: a step comes right after the last of those that it waits for (Kahn's
/// algorithm). Steps that wait for each other in a circle are in none.
std::vector<std::vector<std::uint32_t>> levels_of(const Plan& plan);

}  // namespace queenright::roles
