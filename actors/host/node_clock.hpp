#pragma once

#include "messages/clock.hpp"

namespace queenright::host {

/// The machine's clocks.
class NodeClock : public messages::Clock {
 public:
  messages::Instant now() const override;
  messages::WallTime wall() const override;
};

}  // namespace queenright::host
