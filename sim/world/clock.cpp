#include "sim/world/clock.hpp"

namespace queenright::sim {

using messages::Duration;
using messages::Instant;

namespace {
constexpr std::int64_t million = 1'000'000;
}

Instant Clock::now() const {
  const Duration passed = agenda_.now() - since_;
  return read_ + passed + passed / million * ppm_ + passed % million * ppm_ / million;
}

messages::WallTime Clock::wall() const {
  const auto shown = std::chrono::duration_cast<std::chrono::milliseconds>(now().since_boot);
  return {wall_.milliseconds + shown.count()};
}

void Clock::set_rate(std::int64_t ppm) {
  read_ = now();
  since_ = agenda_.now();
  ppm_ = ppm;
}

Instant Clock::when(Instant reading) const {
  const Duration shown = reading - read_;
  const std::int64_t speed = million + ppm_;
  const Duration passed = shown / speed * million + shown % speed * million / speed;
  // Of whole nanoseconds the division may have lost up to two.
  return since_ + passed + Duration(ppm_ == 0 ? 0 : 2);
}

}  // namespace queenright::sim
