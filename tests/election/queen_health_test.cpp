#include "election/queen_health.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/election/queens.hpp"
#include "tests/election/usual_timing.hpp"

namespace queenright::election {
namespace {
BOOST_AUTO_TEST_SUITE(queen_health)

using messages::hive_circuit;
using std::chrono::milliseconds;
using std::chrono::seconds;

Submit saying(const std::string& key) {
  return {hive_circuit, {key, 0}, messages::OpenRun{"plan", "hash", key, {}}};
}

QueenStanding standing_of(const Queens& queens, NodeId who, NodeId seen_by) {
  return queens.queen(seen_by).support().pair(who).hello.standing;
}

BOOST_AUTO_TEST_CASE(a_root_whose_disk_stalls_hands_over_and_all_are_told_why) {  // A-R12
  auto queens = settled(3);
  const NodeId old = *queens->root();
  const auto others = queens->others(old);
  queens->stall(old);
  queens->submit(old, saying("word"));
  BOOST_REQUIRE(queens->until([&] { return queens->root() && *queens->root() != old; }));
  BOOST_REQUIRE(queens->until([&] { return queens->replied("word"); }));
  queens->run(milliseconds{200});
  for (const NodeId other : others)
    BOOST_CHECK(standing_of(*queens, old, other) == QueenStanding::stalled);
}

BOOST_AUTO_TEST_CASE(she_may_lead_again_when_her_disk_goes_on_and_some_time_has_passed) {
  auto queens = settled(3);
  const NodeId old = *queens->root();
  queens->stall(old);
  queens->submit(old, saying("word"));
  BOOST_REQUIRE(queens->until([&] { return queens->root() && *queens->root() != old; }));
  queens->run(seconds{20});
  BOOST_TEST(!queens->queen(old).election().willing());
  queens->go_on(old);
  queens->run(milliseconds{100});
  BOOST_TEST(queens->queen(old).election().willing());
}

BOOST_AUTO_TEST_CASE(a_sync_of_300_ms_demotes_nobody) {
  auto queens = settled(3);
  const NodeId root = *queens->root();
  for (int i = 0; i < 10; ++i) {
    queens->stall(root);
    queens->submit(root, saying("word " + std::to_string(i)));
    queens->run(milliseconds{300});
    queens->go_on(root);
    queens->run(milliseconds{20});
  }
  BOOST_TEST(queens->root()->value == root.value);
  BOOST_TEST(queens->queen(root).election().willing());
}

BOOST_AUTO_TEST_CASE(a_circuit_that_is_stuck_is_given_up_and_no_other_one) {
  auto queens = with_a_run(3);
  const CircuitId run = first_run;
  const NodeId stuck = *queens->root(run);
  const auto before = queens->root();
  queens->ignores = [&](NodeId queen, const messages::Item& item) {
    const auto* committed = std::get_if<messages::Committed>(&item);
    return queen == stuck && committed != nullptr && committed->circuit == run;
  };
  queens->submit(stuck, {run, {"word", 0}, messages::CancelRun{"enough"}});
  BOOST_REQUIRE(
      queens->until([&] { return queens->root(run) && *queens->root(run) != stuck; }, seconds{5}));
  BOOST_TEST((queens->root() == before));
  BOOST_TEST(queens->queen(stuck).election().willing());
  BOOST_REQUIRE(queens->until([&] { return queens->replied("word"); }));
}

BOOST_AUTO_TEST_CASE(a_root_whose_steps_come_too_late_again_and_again_leads_no_more) {
  auto queens = settled(3);
  const NodeId old = *queens->root();
  for (int i = 0; i < 3; ++i) {
    queens->late[old] = usual::lease;
    queens->run(usual::lease * 2);
    queens->late.clear();
    queens->run(milliseconds{500});
  }
  BOOST_CHECK(queens->queen(old).election().standing() == QueenStanding::late);
  queens->run(milliseconds{500});
  BOOST_TEST((queens->root() && *queens->root() != old));
  queens->run(seconds{60});
  BOOST_TEST(queens->queen(old).election().willing());
}

BOOST_AUTO_TEST_CASE(a_pause_is_no_stall) {
  auto queens = settled(3);
  const NodeId root = *queens->root();
  queens->stall(root);
  queens->submit(root, saying("word"));
  queens->run(milliseconds{10});
  queens->late[root] = seconds{5};  // both stand still
  queens->run(seconds{5});
  queens->late.clear();
  queens->go_on(root);
  queens->run(milliseconds{200});
  BOOST_TEST(queens->queen(root).election().willing());
}

BOOST_AUTO_TEST_CASE(who_loses_her_majority_again_and_again_leads_no_more_for_a_while) {
  auto queens = settled(3);
  const NodeId flapping = *queens->root();
  for (int i = 0; i < 3; ++i) {
    queens->demote(flapping, {}, "");
    queens->isolate(flapping);
    queens->run(milliseconds{400});
    queens->heal();
    queens->run(milliseconds{400});
    for (const NodeId other : queens->others(flapping)) queens->demote(other, {}, "not now");
    queens->run(milliseconds{400});  // she leads again
    for (const NodeId other : queens->others(flapping)) queens->demote(other, {}, "");
  }
  BOOST_CHECK(queens->queen(flapping).election().standing() == QueenStanding::flapping);
}

BOOST_AUTO_TEST_SUITE_END()
}  // namespace
}  // namespace queenright::election
