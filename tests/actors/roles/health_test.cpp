#include "actors/roles/health/health.hpp"

#include <boost/test/unit_test.hpp>

namespace queenright::roles {
namespace {
BOOST_AUTO_TEST_SUITE(health)

using std::chrono::milliseconds;
using std::chrono::seconds;

/// Fails so often, all at this time. The last change of the standing is told.
bool fail_times(WorkerHealth& health, int times, Duration now) {
  bool changed = false;
  for (int i = 0; i < times; ++i) changed = fail(health, "no child", now);
  return changed;
}

/// Until its probation begins.
Duration wait_for_probation(WorkerHealth& health) {
  const Duration at = health.probation_at.value();
  BOOST_TEST(!pass_time(health, at - Duration{1}));
  BOOST_TEST(pass_time(health, at));
  BOOST_CHECK(health.standing == WorkerStanding::probation);
  return at;
}

BOOST_AUTO_TEST_CASE(three_failures_in_a_row_degrade_and_six_demote) {
  WorkerHealth health;
  BOOST_TEST(!fail_times(health, 2, seconds{1}));
  BOOST_TEST(!succeed(health));  // not in a row
  BOOST_TEST(!fail_times(health, 2, seconds{1}));
  BOOST_TEST(fail_times(health, 1, seconds{1}));
  BOOST_CHECK(health.standing == WorkerStanding::degraded);
  BOOST_TEST(!fail_times(health, 2, seconds{1}));
  BOOST_TEST(fail_times(health, 1, seconds{1}));
  BOOST_CHECK(health.standing == WorkerStanding::demoted);
  BOOST_TEST(health.reason == "no child");
}

BOOST_AUTO_TEST_CASE(
    a_degraded_worker_is_good_after_three_successes_or_on_probation_after_a_while) {
  WorkerHealth health;
  fail_times(health, 3, seconds{1});
  WorkerHealth other = health;
  for (int i = 0; i < 2; ++i) BOOST_TEST(!succeed(health));
  BOOST_TEST(succeed(health));
  BOOST_CHECK(health.standing == WorkerStanding::good);
  BOOST_TEST(!health.probation_at.has_value());
  BOOST_CHECK(wait_for_probation(other) == seconds{31});
}

BOOST_AUTO_TEST_CASE(on_probation_one_failure_demotes_again_for_twice_as_long) {
  WorkerHealth health;
  fail_times(health, 6, seconds{10});
  const Duration first = wait_for_probation(health);
  BOOST_CHECK(first == seconds{11});
  BOOST_TEST(fail_times(health, 1, first));
  BOOST_CHECK(wait_for_probation(health) == first + seconds{2});
  for (int i = 0; i < 3; ++i) succeed(health);
  BOOST_CHECK(health.standing == WorkerStanding::good);
}

// ELECTION section 8: +1000 a demotion, half-life 15 s, suppressed at 2500, reusable at 750.
BOOST_AUTO_TEST_CASE(who_is_demoted_again_and_again_is_suppressed_until_its_penalty_is_small) {
  WorkerHealth health;
  fail_times(health, 6, seconds{0});
  for (int i = 0; i < 2; ++i) fail_times(health, 1, wait_for_probation(health));
  BOOST_TEST(health.penalty.points > 2500U);
  const Duration suppressed = *health.probation_at - health.penalty.since;
  BOOST_CHECK(suppressed > seconds{25});
  BOOST_CHECK(suppressed < seconds{32});
  BOOST_TEST(health.penalty.left(*health.probation_at) <= 751U);
  BOOST_TEST(health.penalty.left(*health.probation_at - milliseconds{500}) > 750U);
}

BOOST_AUTO_TEST_CASE(after_a_good_while_a_demotion_is_short_again) {
  WorkerHealth health;
  fail_times(health, 6, seconds{0});
  for (int i = 0; i < 3; ++i) fail_times(health, 1, wait_for_probation(health));
  wait_for_probation(health);
  for (int i = 0; i < 3; ++i) succeed(health);
  fail_times(health, 6, seconds{10'000});
  BOOST_CHECK(health.probation_at == seconds{10'001});
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace queenright::roles
