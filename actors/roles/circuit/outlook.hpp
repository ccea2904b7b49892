#pragma once

#include <cstdint>
#include <vector>

#include "actors/roles/circuit/placement.hpp"

namespace queenright::roles {

/// Who would get a step's tasks; of one that needs no worker, neither is said.
struct StepOutlook {
  std::uint32_t step{};  ///< its place in the plan
  bool needs_worker{};
  Placement placement;
};

/// The steps of a plan that are not left out, one level after the other, and where each would run
/// if nothing else did: the choice that its circuit makes, with these workers.
std::vector<std::vector<StepOutlook>> outlook(const Plan& plan,
                                              const std::vector<KnownWorker>& workers);

}  // namespace queenright::roles
