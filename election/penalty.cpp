#include "election/penalty.hpp"

namespace queenright::election {

using std::chrono::milliseconds;

std::uint32_t Penalty::left(Duration now) const {
  std::int64_t rest = points;
  Duration span = now - since;
  for (; rest > 0 && span >= damping.half_life; span -= damping.half_life) rest /= 2;
  // In milliseconds: no number gets too large.
  const auto part = std::chrono::duration_cast<milliseconds>(span).count();
  const auto whole = std::chrono::duration_cast<milliseconds>(damping.half_life).count();
  return static_cast<std::uint32_t>(rest - rest * part / (2 * whole));
}

void Penalty::add_mishap(Duration now) {
  points = left(now) + damping.a_mishap;
  since = now;
}

Duration Penalty::until_small() const {
  Duration span{};
  std::uint64_t rest = points;
  for (; rest > 2 * std::uint64_t{damping.reusable_at}; rest /= 2) span += damping.half_life;
  if (rest <= damping.reusable_at) return span;
  const auto above = static_cast<std::int64_t>(2 * (rest - damping.reusable_at));
  return span + damping.half_life * above / static_cast<std::int64_t>(rest);
}

}  // namespace queenright::election
