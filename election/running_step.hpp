#pragma once

#include "messages/effect.hpp"

namespace queenright::election {

/// What the parts of a queen need of the step that runs: its times, and where effects go.
struct RunningStep {
  messages::Instant now;
  messages::WallTime wall;
  messages::Effects* effects = nullptr;
};

}  // namespace queenright::election
