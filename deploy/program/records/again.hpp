#pragma once

#include <string>
#include <vector>

#include "actors/roles/circuit/circuit_state.hpp"
#include "messages/command.hpp"
#include "messages/result.hpp"

namespace queenright::program {

/// A run that is over, once more.
struct Again {
  messages::Begin begin;
  std::vector<std::string> undecided;  ///< steps about which a person decides first
};

/// Refused: it goes on, or has succeeded.
messages::Result<Again> begin_again(const roles::CircuitState& state);

}  // namespace queenright::program
