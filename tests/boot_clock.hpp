#pragma once

#include <ctime>

#include "messages/clock.hpp"

namespace queenright {

/// This machine's, for what lives on it without a node. It knows no time of day.
class BootClock : public messages::Clock {
 public:
  messages::Instant now() const override {
    timespec at{};
    clock_gettime(CLOCK_BOOTTIME, &at);
    return {std::chrono::seconds{at.tv_sec} + std::chrono::nanoseconds{at.tv_nsec}};
  }
  messages::WallTime wall() const override { return {}; }
};

}  // namespace queenright
