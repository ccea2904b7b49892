#pragma once

#include "messages/ids.hpp"

namespace queenright::messages {

/// Port: the two clocks of a node. What roles know of time is read by the turn, once an
/// input; host and program read it only to wait. Any thread.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Instant now() const = 0;  ///< CLOCK_BOOTTIME: counts suspend, never set
  virtual WallTime wall() const = 0;
};

}  // namespace queenright::messages
