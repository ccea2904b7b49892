#include "deploy/program/faults/moved_clock.hpp"

#include <boost/test/unit_test.hpp>

namespace queenright::program {
namespace {
BOOST_AUTO_TEST_SUITE(moved_clock)

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

/// Shows what the test says.
class SetClock : public messages::Clock {
 public:
  messages::Instant now() const override { return {since_boot}; }
  messages::WallTime wall() const override { return {1'000'000}; }
  messages::Duration since_boot = seconds{100};
};

struct Clocks {
  SetClock machine;
  MovedClock clock{machine};
};

BOOST_FIXTURE_TEST_CASE(until_it_is_moved_it_goes_as_the_machines_does, Clocks) {
  machine.since_boot += seconds{7};
  BOOST_CHECK(clock.now() == machine.now());
  BOOST_TEST(clock.wall().milliseconds == 1'000'000);
}

BOOST_FIXTURE_TEST_CASE(a_rate_gains_or_loses_so_many_parts_in_a_million, Clocks) {
  clock.move({9000, {}});
  machine.since_boot += hours{2};
  BOOST_CHECK(clock.now() - machine.now() == std::chrono::microseconds{hours{2}} * 9 / 1000);
  clock.move({-9000, {}});
  machine.since_boot += hours{2};
  BOOST_CHECK(clock.now() == machine.now());
}

BOOST_FIXTURE_TEST_CASE(a_wrong_time_of_day_moves_nothing_else, Clocks) {
  clock.move({0, milliseconds{-500}});
  BOOST_TEST(clock.wall().milliseconds == 999'500);
  BOOST_CHECK(clock.now() == machine.now());
}

BOOST_FIXTURE_TEST_CASE(healed_it_never_goes_back, Clocks) {
  clock.move({20'000, hours{1}});
  machine.since_boot += seconds{10};
  const auto before = clock.now();
  clock.move({});
  BOOST_CHECK(clock.now() == before);
  BOOST_TEST(clock.wall().milliseconds == 1'000'000);
  machine.since_boot += seconds{10};
  BOOST_CHECK(clock.now() - before == seconds{10});
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace queenright::program
