#include <boost/test/unit_test.hpp>

#include "tests/election/queens.hpp"

namespace queenright::election {

BOOST_AUTO_TEST_SUITE(queen_tree)

// R12: she hears the second one, whom nothing that she says would reach.
BOOST_AUTO_TEST_CASE(a_link_that_is_not_two_way_carries_no_route) {
  const auto queens = settled(3);
  const NodeId one{1};
  const NodeId second{2};
  const NodeId third{3};
  BOOST_REQUIRE(queens->until([&] { return queens->queen(one).tree().parent(second) == second; }));
  queens->cut(one, second);
  BOOST_TEST(queens->until([&] { return queens->queen(one).tree().parent(second) == third; }));
  queens->run(std::chrono::seconds{1});
  BOOST_CHECK(queens->queen(one).tree().parent(second) == third);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace queenright::election
