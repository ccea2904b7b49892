#include "election/penalty.hpp"

#include <boost/test/unit_test.hpp>

namespace queenright::election {
namespace {
BOOST_AUTO_TEST_SUITE(penalty)

using std::chrono::milliseconds;
using std::chrono::seconds;

BOOST_AUTO_TEST_CASE(it_halves_every_fifteen_seconds_and_falls_in_between) {
  const Penalty one{1000, seconds{100}};
  BOOST_TEST(one.left(seconds{100}) == 1000U);
  BOOST_TEST(one.left(milliseconds{107'500}) == 750U);
  BOOST_TEST(one.left(seconds{115}) == 500U);
  BOOST_TEST(one.left(seconds{130}) == 250U);
  BOOST_TEST(one.left(seconds{100'000}) == 0U);
}

BOOST_AUTO_TEST_CASE(three_mishaps_in_a_row_suppress_and_two_do_not) {
  Penalty penalty;
  penalty.add_mishap(seconds{1});
  penalty.add_mishap(seconds{2});
  BOOST_TEST(!penalty.suppresses(seconds{2}));
  penalty.add_mishap(seconds{3});
  BOOST_TEST(penalty.suppresses(seconds{3}));
  BOOST_TEST(!penalty.suppresses(seconds{20}));
}

BOOST_AUTO_TEST_CASE(it_tells_when_it_will_be_small) {
  for (const std::uint32_t points : {700U, 1000U, 1600U, 2900U, 100'000U}) {
    const Penalty penalty{points, seconds{5}};
    const Duration small = seconds{5} + penalty.until_small();
    BOOST_TEST(penalty.left(small + milliseconds{1}) <= damping.reusable_at);
    if (points > damping.reusable_at)
      BOOST_TEST(penalty.left(small - milliseconds{500}) > damping.reusable_at);
  }
}

BOOST_AUTO_TEST_SUITE_END()
}  // namespace
}  // namespace queenright::election
