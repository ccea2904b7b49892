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

void demote(WorkerHealth& health, Duration now) {
  health.demotions = health.penalty.is_small(now) ? 1 : health.demotions + 1;
  health.penalty.add_mishap(now);
  health.standing = WorkerStanding::demoted;
  Duration span = backoff(health.demotions);
  if (health.penalty.suppresses(now)) span = std::max(span, health.penalty.until_small());
  health.probation_at = now + span;
}

}  // namespace

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
