#include "election/spanning_tree.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/election/usual_timing.hpp"

namespace queenright::election {
namespace {

constexpr NodeId me{1};
constexpr NodeId second{2};
constexpr NodeId third{3};
constexpr NodeId source{4};

/// One of four queens, who believes what she hears.
struct Tree {
  Tree() {
    tree.boot(me, {me, second, third, source}, {1}, usual::of_hives, now);
    now = now + 4 * usual::lease;
  }
  void hear(NodeId neighbour, std::uint64_t sequence, std::uint32_t cost) {
    tree.hear(neighbour, {{source, sequence, cost}}, now);
  }

  const Rules rules;
  Instant now{std::chrono::hours{1}};
  SpanningTree tree{rules};
};

BOOST_FIXTURE_TEST_SUITE(spanning_tree, Tree)

// R12.
BOOST_AUTO_TEST_CASE(the_nearest_neighbour_is_the_parent) {
  hear(second, 1, 2);
  BOOST_CHECK(tree.parent(source) == second);
  hear(third, 1, 1);
  BOOST_CHECK(tree.parent(source) == third);
  BOOST_TEST(tree.state().routes.at(source).cost == 2U);
}

BOOST_AUTO_TEST_CASE(among_equal_neighbours_the_parent_is_kept) {
  hear(third, 1, 1);
  hear(second, 1, 1);
  BOOST_CHECK(tree.parent(source) == third);
}

BOOST_AUTO_TEST_CASE(who_may_be_behind_her_is_no_way_out) {
  hear(second, 1, 0);
  hear(third, 1, 1);
  tree.lose(second);
  BOOST_CHECK(!tree.parent(source));  // third may have its way through her
  hear(third, 2, 1);                  // the source has spoken since
  BOOST_CHECK(tree.parent(source) == third);
}

BOOST_AUTO_TEST_CASE(a_neighbour_who_was_nearer_all_along_is_a_way_out_at_once) {
  hear(second, 1, 1);
  hear(third, 1, 1);
  tree.lose(second);
  BOOST_CHECK(tree.parent(source) == third);
}

BOOST_AUTO_TEST_CASE(who_advertises_no_way_any_more_is_left) {
  hear(second, 1, 1);
  tree.hear(second, {}, now);
  BOOST_CHECK(!tree.parent(source));
}

BOOST_AUTO_TEST_CASE(after_a_boot_only_the_source_herself_is_believed) {
  tree.boot(me, {me, second, third, source}, {2}, usual::of_hives, now);
  hear(second, 9, 1);
  BOOST_CHECK(!tree.parent(source));
  hear(source, 9, 0);
  BOOST_CHECK(tree.parent(source) == source);
}

BOOST_AUTO_TEST_CASE(her_own_tree_rises_over_a_boot) {
  tree.raise();
  const auto before = tree.adverts().front();
  BOOST_CHECK(before.source == me);
  BOOST_TEST(before.cost == 0U);
  tree.boot(me, {me, second, third, source}, {2}, usual::of_hives, now);
  BOOST_TEST(tree.adverts().front().sequence > before.sequence);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace queenright::election
