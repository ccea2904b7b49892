#pragma once

#include <memory>
#include <vector>

#include "sim/faults/fault.hpp"
#include "sim/invariants/violation.hpp"

namespace queenright::sim {

/// Every invariant that holds of a hive under these faults.
std::vector<std::unique_ptr<Watcher>> invariants_for(const std::vector<Fault>& faults,
                                                     bool demand_liveness);

}  // namespace queenright::sim
