#include "actors/roles/health/breaker.hpp"

#include "actors/roles/health/health.hpp"

namespace queenright::roles {

bool is_open(const Breaker& breaker, messages::Duration now) {
  return breaker.open_until && now < *breaker.open_until;
}

bool fail(Breaker& breaker, messages::Duration now) {
  ++breaker.failures;
  if (breaker.failures < health_thresholds.degraded_at || is_open(breaker, now)) return false;
  breaker.open_until = now + health_thresholds.degraded_for;
  return true;
}

}  // namespace queenright::roles
