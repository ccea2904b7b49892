#pragma once

#include <functional>
#include <string>
#include <vector>

#include "sim/scenario/scenario.hpp"

namespace queenright::sim {

/// Looks for what only a whole file can tell, and calls `wrong` with each line that can't be and
/// why. `fault_lines` are those of its faults.
void check_whole(const Scenario& scenario, const std::vector<std::size_t>& fault_lines,
                 const std::function<void(std::size_t line, const std::string& what)>& wrong);

}  // namespace queenright::sim
