#pragma once

#include <string>
#include <vector>

#include "deploy/program/document/problems.hpp"

namespace queenright::program {

/// Tells all errors on stderr and throws Failure (usage): "`what` has 2 errors`rest`". Does
/// nothing when there are none.
void refuse_errors(const std::vector<Problem>& errors, const std::string& what,
                   const std::string& rest = "");

}  // namespace queenright::program
