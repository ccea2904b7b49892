#include "deploy/program/faults/moved_clock.hpp"

namespace queenright::program {

using messages::Instant;

namespace {

constexpr std::int64_t million = 1'000'000;

}  // namespace

MovedClock::MovedClock(const messages::Clock& machine)
    : machine_(machine), moved_(machine.now()), then_(moved_) {}

/// Under the lock. Whole and rest apart, so that no product is too large.
Instant MovedClock::at(Instant machine) const {
  const auto since = machine - moved_;
  const auto gained = since / million * move_.rate + since % million * move_.rate / million;
  return then_ + since + gained;
}

Instant MovedClock::now() const {
  const std::lock_guard lock(mutex_);
  return at(machine_.now());
}

messages::WallTime MovedClock::wall() const {
  const std::lock_guard lock(mutex_);
  return {machine_.wall().milliseconds + move_.wall.count()};
}

void MovedClock::move(const MoveClock& move) {
  const std::lock_guard lock(mutex_);
  const Instant machine = machine_.now();
  then_ = at(machine);
  moved_ = machine;
  move_ = move;
}

}  // namespace queenright::program
