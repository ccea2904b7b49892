#pragma once

#include <string>
#include <vector>

#include "actors/roles/plan/plan.hpp"

namespace queenright::program {

/// Which steps of a plan are to run; what is left empty leaves none out. All that is named has to
/// hold of a step.
struct Selection {
  std::vector<std::string> tags;        ///< it has one of these
  std::vector<std::string> lifecycles;  ///< one of these is its
  std::vector<std::string> types;       ///< likewise
  std::vector<std::string> filters;  ///< each `name=value`: id, tag, type, lifecycle, capability,
                                     ///< region, or one of its worker's labels
  std::string from;                  ///< it, or a step that it waits for, is this one
  std::string to;                    ///< it is this one, or this one waits for it
};

/// Marks the steps that are left out; the fallback of a step that is selected is too. Throws
/// Failure: there is no such step, a step would use what one that is left out gives, or none is
/// left.
void select(roles::Plan& plan, const Selection& selection);

/// Steps that ask a person to agree and are left out, while one that waits for them is not.
std::vector<std::string> consents_left_out(const roles::Plan& plan);

}  // namespace queenright::program
