#pragma once

#include "actors/roles/circuit/circuit_state.hpp"

/// What a run waits for a person for.
namespace queenright::roles {

/// Consent to the step, or what to do about its fate, or about that of its rollback.
bool waits_for_person(const CircuitState& state, std::uint32_t step);

/// A decision about that step. Consent is given, unless things are to be skipped.
messages::Command decision_about(const CircuitState& state, std::uint32_t step,
                                 messages::Resolution resolution);

}  // namespace queenright::roles
