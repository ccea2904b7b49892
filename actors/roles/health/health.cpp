#include "actors/roles/health/health.hpp"

#include <algorithm>
#include <chrono>

namespace queenright::roles {

namespace {

constexpr auto& limits = health_thresholds;

Duration backoff(std::uint32_t demotions) {
  Duration span = limits.first_demotion;
  for (std::uint32_t i = 1; i < demotions && span < limits.longest_demotion; ++i) span *= 2;
  return std::min(span, limits.longest_demotion);
}

/// How long a penalty takes to fall to what is reusable.
Duration suppression(std::uint64_t penalty) {
  Duration span{};
  for (; penalty > 2 * std::uint64_t{limits.reusable_at}; penalty /= 2) span += limits.half_life;
  if (penalty <= limits.reusable_at) return span;
  const auto above = static_cast<std::int64_t>(2 * (penalty - limits.reusable_at));
  return span + limits.half_life * above / static_cast<std::int64_t>(penalty);
}

void demote(WorkerHealth& health, Duration now) {
  const std::uint32_t left = penalty_at(health, now);
  health.demotions = left <= limits.reusable_at ? 1 : health.demotions + 1;
  health.penalty = left + limits.penalty;
  health.penalized = now;
  health.standing = WorkerStanding::demoted;
  Duration span = backoff(health.demotions);
  if (health.penalty >= limits.suppressed_at) span = std::max(span, suppression(health.penalty));
  health.probation_at = now + span;
}

}  // namespace

std::uint32_t penalty_at(const WorkerHealth& health, Duration now) {
  std::int64_t left = health.penalty;
  Duration span = now - health.penalized;
  for (; left > 0 && span >= limits.half_life; span -= limits.half_life) left /= 2;
  // Straight between two half-lives, in milliseconds: no number gets too large.
  const auto part = std::chrono::duration_cast<std::chrono::milliseconds>(span).count();
  const auto whole =
      std::chrono::duration_cast<std::chrono::milliseconds>(limits.half_life).count();
  return static_cast<std::uint32_t>(left - left * part / (2 * whole));
}

bool fail(WorkerHealth& health, const std::string& reason, Duration now) {
  const auto before = health.standing;
  health.reason = reason;
  health.successes = 0;
  ++health.failures;
  if (before == WorkerStanding::demoted) return false;  // of before it was
  if (before == WorkerStanding::probation || health.failures >= limits.demoted_at) {
    demote(health, now);
  } else if (health.failures >= limits.degraded_at) {
    health.standing = WorkerStanding::degraded;
    health.probation_at = now + limits.degraded_for;
  }
  return health.standing != before;
}

bool succeed(WorkerHealth& health) {
  health.failures = 0;
  if (health.standing == WorkerStanding::good || health.standing == WorkerStanding::demoted)
    return false;
  if (++health.successes < limits.good_after) return false;
  health.successes = 0;
  health.standing = WorkerStanding::good;
  health.probation_at.reset();
  return true;
}

bool pass_time(WorkerHealth& health, Duration now) {
  if (!health.probation_at || now < *health.probation_at) return false;
  health.probation_at.reset();
  health.standing = WorkerStanding::probation;
  health.failures = health.successes = 0;
  return true;
}

}  // namespace queenright::roles
