#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "actors/roles/plan/plan.hpp"

/// The order in which a plan's steps can begin, by their places. Precondition of both: the places
/// that its needs and fallbacks name are in the plan.
namespace queenright::roles {

/// Places of steps in the plan.
using Steps = std::vector<std::uint32_t>;

/// What each step waits for: its needs, whoever may stand in for these, and the step that it stands
/// in for itself.
std::vector<Steps> waited_for(const Plan& plan);
std::vector<Steps> waited_for(std::vector<Steps> needs,
                              const std::vector<std::optional<std::uint32_t>>& fallbacks);

/// These steps, and all that wait for one of them, however indirectly.
std::vector<bool> with_who_waits(const Plan& plan, std::vector<bool> steps);

/// One level after the other: a step comes right after the last of those that it waits for (Kahn's
/// algorithm). Steps that wait for each other in a circle are in none.
std::vector<Steps> levels_of(const Plan& plan);

}  // namespace queenright::roles
