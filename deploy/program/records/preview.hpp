#pragma once

#include <string>

#include "actors/roles/circuit/circuit_state.hpp"
#include "deploy/program/formats.hpp"
#include "messages/command.hpp"
#include "messages/result.hpp"

/// `--dry-run` of a decision about a run.
namespace queenright::program {

/// What the decision would do, were it taken now: the run's own circuit takes it, as a copy, and
/// nothing is released. "run", "status" (then) and "events": a list of "step", "element" (its
/// index; null: none), "state" and "reason", where an attempt that would be ended is "ending" and
/// one that takes back what was done is "undoing". Refused: the circuit would refuse it.
messages::Result<messages::Value> preview_of(const roles::CircuitState& state,
                                             messages::Command decision, messages::WallTime now);

std::string preview_text(const messages::Value& preview, Format format);

}  // namespace queenright::program
