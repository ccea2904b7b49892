#pragma once

#include <string>
#include <vector>

#include "actors/roles/circuit/circuit_state.hpp"
#include "messages/command.hpp"
#include "messages/result.hpp"

namespace queenright::roles {

/// What another run of the same plan need not do again.
struct Reusable {
  /// Steps that succeeded, or that another one stood in for, and what succeeded of fan-outs that
  /// did not: as long as nothing of it was undone, and nothing that it needs is done again.
  std::vector<messages::ReusedStep> steps;
  /// Steps that would be done again, though nobody knows what they did: a person decides first.
  std::vector<std::string> undecided;
};

/// Of a run that is over.
Reusable reusable(const CircuitState& state);

/// This step is done again, with all that waits for it; of a fan-out that was done in part, the
/// rest of it. False: the plan has no such step.
bool do_again(std::vector<messages::ReusedStep>& reused, const Plan& plan, const std::string& step);

/// A person says that the step has succeeded. Refused: the plan has no such step, or somebody has
/// to agree to it.
messages::Result<bool> skip(std::vector<messages::ReusedStep>& reused, const Plan& plan,
                            const std::string& step);

}  // namespace queenright::roles
