#pragma once

#include <memory>
#include <vector>

#include "sim/fault.hpp"
#include "sim/violation.hpp"

namespace queenright::sim {

/// Every invariant that holds of a hive under these faults.
std::vector<std::unique_ptr<Watcher>> invariants_for(const std::vector<Fault>& faults,
                                                     bool demand_liveness);

}  // namespace queenright::sim
