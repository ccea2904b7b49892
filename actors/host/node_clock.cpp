#include "actors/host/node_clock.hpp"

#include <ctime>

#include "messages/ensure.hpp"

namespace queenright::host {
namespace {

timespec read(clockid_t clock) {
  timespec at{};
  messages::ensure(clock_gettime(clock, &at) == 0, "Linux has this clock");
  return at;
}

}  // namespace

messages::Instant NodeClock::now() const {
  const timespec at = read(CLOCK_BOOTTIME);
  return {std::chrono::seconds{at.tv_sec} + std::chrono::nanoseconds{at.tv_nsec}};
}

messages::WallTime NodeClock::wall() const {
  const timespec at = read(CLOCK_REALTIME);
  return {at.tv_sec * 1000 + at.tv_nsec / 1'000'000};
}

}  // namespace queenright::host
