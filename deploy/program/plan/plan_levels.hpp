#pragma once

#include <cstdint>
#include <vector>

#include "actors/roles/plan/plan.hpp"

namespace queenright::program {

/// Places of the steps that can begin at the same time, one level after the other: a step comes
/// right after the last of those that it waits for. Precondition: the plan was checked.
std::vector<std::vector<std::uint32_t>> levels_of(const roles::Plan& plan);

}  // namespace queenright::program
