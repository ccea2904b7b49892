#include "sim/faults/conditions.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "sim/faults/fault_parts.hpp"

namespace queenright::sim {
namespace {
BOOST_AUTO_TEST_SUITE(conditions)

using namespace std::chrono_literals;
using Links = std::set<std::pair<int, int>>;

const Layout five{5, 1};

std::vector<Fault> all_unfolded(const std::vector<std::string>& lines,
                                const Layout& layout = five) {
  std::vector<Fault> all;
  for (const auto& line : lines)
    for (auto& part : unfolded(parse_fault(line).value(), layout)) all.push_back(std::move(part));
  return all;
}

Links cuts_at(const std::vector<std::string>& lines, Duration now, const Layout& layout = {3, 0}) {
  Links cuts;
  for (const auto& [from, to] : conditions_at(all_unfolded(lines, layout), now).cuts)
    cuts.emplace(from.value, to.value);
  return cuts;
}

Links both_ways(const Links& links) {
  Links all = links;
  for (const auto& [from, to] : links) all.emplace(to, from);
  return all;
}

BOOST_AUTO_TEST_CASE(each_topology_leaves_the_links_that_its_name_says) {
  const Layout four{4, 0};
  const auto at_once = [&](const std::string& what, const Layout& layout) {
    return cuts_at({"at 1s for 1s " + what}, 1s, layout);
  };
  BOOST_TEST((at_once("cut 1,2", four) == both_ways({{1, 2}})));
  BOOST_TEST((at_once("one-way 1,2", four) == Links{{1, 2}}));
  BOOST_TEST((at_once("split 1,2", four) == both_ways({{1, 3}, {1, 4}, {2, 3}, {2, 4}})));
  BOOST_TEST((at_once("star 2", four) == both_ways({{1, 3}, {1, 4}, {3, 4}})));
  BOOST_TEST((at_once("chain 2,1,3,4", four) == both_ways({{2, 3}, {2, 4}, {1, 4}})));
  BOOST_TEST((at_once("ring 1,2,3,4", four) == both_ways({{1, 3}, {2, 4}})));
  BOOST_TEST((at_once("bridge 2,1", four) == both_ways({{1, 3}, {1, 4}})));
  BOOST_TEST((at_once("core 1,2,3", four) == both_ways({{4, 1}, {4, 2}, {4, 3}})));
  BOOST_TEST((at_once("core 1,2,3 hub=2", four) == both_ways({{4, 1}, {4, 2}, {4, 3}, {1, 3}})));
  BOOST_TEST((at_once("deaf 1", {3, 0}) == Links{{2, 1}, {3, 1}}));
  BOOST_TEST((at_once("mute 1", {3, 0}) == Links{{1, 2}, {1, 3}}));
}

BOOST_AUTO_TEST_CASE(workers_are_on_the_other_side_of_a_split_and_outside_of_a_star) {
  const Layout with_worker{2, 1};  // node 3
  BOOST_TEST((cuts_at({"at 1s for 1s split 1"}, 1s, with_worker) == both_ways({{1, 2}, {1, 3}})));
  BOOST_TEST(cuts_at({"at 1s for 1s star 1"}, 1s, with_worker).empty());
  BOOST_TEST((cuts_at({"at 1s for 1s core 1"}, 1s, with_worker) == both_ways({{1, 2}, {2, 3}})));
}

BOOST_AUTO_TEST_CASE(a_link_is_whole_again_when_the_last_that_cuts_it_is_over) {
  const std::vector<std::string> lines{"at 1s for 2s cut 1,2", "at 2s for 2s split 1"};
  BOOST_TEST(cuts_at(lines, 999ms).empty());
  BOOST_TEST((cuts_at(lines, 1s) == both_ways({{1, 2}})));
  BOOST_TEST((cuts_at(lines, 3500ms) == both_ways({{1, 2}, {1, 3}})));
  BOOST_TEST(cuts_at(lines, 4s).empty());
}

BOOST_AUTO_TEST_CASE(a_flapping_link_goes_and_comes_and_ends_whole) {
  const std::vector<std::string> lines{"at 1s for 100ms flapping 1,2 every=30ms"};
  BOOST_TEST((cuts_at(lines, 1s) == both_ways({{1, 2}})));
  BOOST_TEST(cuts_at(lines, 1030ms).empty());
  BOOST_TEST((cuts_at(lines, 1060ms) == both_ways({{1, 2}})));
  BOOST_TEST(cuts_at(lines, 1100ms).empty());
}

BOOST_AUTO_TEST_CASE(a_swizzle_cuts_link_by_link_and_restores_in_another_order) {
  const auto parts = all_unfolded({"at 1s for 1s swizzle 1 seed=7"}, {4, 0});
  BOOST_TEST(parts.size() == 6U);
  std::vector<std::size_t> by_end(parts.size());
  for (std::size_t i = 0; i < parts.size(); ++i) by_end[i] = i;
  std::sort(by_end.begin(), by_end.end(), [&](std::size_t one, std::size_t other) {
    return end_of(parts[one]) < end_of(parts[other]);
  });
  BOOST_TEST(!std::is_sorted(by_end.begin(), by_end.end()));
  BOOST_TEST(conditions_at(parts, 1500ms).cuts.size() == parts.size());
  BOOST_TEST(conditions_at(parts, 2s).cuts.empty());
  BOOST_TEST((parts == all_unfolded({"at 1s for 1s swizzle 1 seed=7"}, {4, 0})));
  BOOST_TEST((parts != all_unfolded({"at 1s for 1s swizzle 1 seed=8"}, {4, 0})));
}

BOOST_AUTO_TEST_CASE(an_upgrade_takes_queens_down_one_after_the_other) {
  const auto parts = all_unfolded({"at 1s for 3s upgrade 2,1,3 down=500ms"});
  const auto down = [&](Duration now) { return conditions_at(parts, now).down; };
  BOOST_TEST((down(1s) == std::set<NodeId>{{2}}));
  BOOST_TEST(down(1500ms).empty());
  BOOST_TEST((down(2s) == std::set<NodeId>{{1}}));
  BOOST_TEST((down(3499ms) == std::set<NodeId>{{3}}));
  BOOST_TEST(down(4s).empty());
}

BOOST_AUTO_TEST_CASE(a_restart_storm_crashes_again_and_again_and_ends_with_all_up) {
  const auto parts = all_unfolded({"at 1s for 1s restart-storm 1,2 every=100ms"});
  BOOST_TEST(parts.size() == 20U);
  BOOST_TEST((conditions_at(parts, 1s).down == std::set<NodeId>{{1}}));
  BOOST_TEST((conditions_at(parts, 1950ms).down == std::set<NodeId>{{2}}));
  BOOST_TEST(conditions_at(parts, 2s).down.empty());
}

BOOST_AUTO_TEST_CASE(a_lie_is_shown_by_a_crash_at_its_end) {
  const auto parts = all_unfolded({"at 1s for 1s lying-sync 2"});
  BOOST_TEST((conditions_at(parts, 1s).lying == std::set<NodeId>{{2}}));
  BOOST_TEST((conditions_at(parts, 2s).down == std::set<NodeId>{{2}}));
  BOOST_TEST(conditions_at(parts, 2s).lying.empty());
}

BOOST_AUTO_TEST_CASE(what_overlaps_is_as_bad_as_the_worst_of_it) {
  const auto parts =
      all_unfolded({"at 1s for 1s loss permille=100", "at 1s for 1s loss permille=50",
                    "at 1s for 1s bandwidth bytes=9000", "at 1s bandwidth bytes=20",
                    "at 1s for 1s slow-sync 1,2 by=30ms"});
  const auto now = conditions_at(parts, 1s);
  BOOST_TEST(now.loss == 100U);
  BOOST_TEST(now.bandwidth == 20U);
  BOOST_TEST((now.slow == std::map<NodeId, Duration>{{{1}, 30ms}, {{2}, 30ms}}));
  const auto later = conditions_at(parts, 1h);
  BOOST_TEST((later.loss == 0U && later.bandwidth == 20U && later.slow.empty()));
}

BOOST_AUTO_TEST_CASE(what_a_hive_does_not_have_can_t_fail) {
  const auto problem = [](const char* line) {
    return problem_of(parse_fault(line).value(), {3, 1});
  };
  BOOST_TEST(problem("at 1s crash 4") == "");
  BOOST_TEST(problem("at 1s crash 5") ==
             "crash: there is no node 5; queens are 1 to 3, workers follow, up to 4");
  BOOST_TEST(problem("at 1s star 4") ==
             "star is about queens, and node 4 is a worker; queens are 1 to 3");
  BOOST_TEST(problem("at 1s flapping 1,2") == "flapping needs 'for TIME'");
  BOOST_TEST(problem("at 1s for 1s flapping 1,2 every=999us") == "flapping: every is at least 1ms");
  BOOST_TEST(problem("at 1s for 1s core 1,2 hub=3") ==
             "core: hub is one of the core, as in 'core 1,2 hub=1'");
  BOOST_TEST(problem("at 1s loss permille=1001") == "loss: permille is from 0 to 1000");
  BOOST_TEST(problem("at 1s rate 1 ppm=10001") ==
             "rate: ppm is from -10000 to 10000; wild-rate goes beyond");
  BOOST_TEST(problem("at 1s slow-sync 1 by=0s") == "slow-sync: by is at least 1ns");
  BOOST_TEST(problem("at 1s demote 1 circuit=-2") == "demote: circuit is at least -1");
}

BOOST_AUTO_TEST_CASE(a_fault_of_many_parts_has_no_more_of_them_than_can_be_borne) {
  const auto problem = [](const char* line) {
    return problem_of(parse_fault(line).value(), {3, 1});
  };
  BOOST_TEST(problem("at 1s for 5s restart-storm 1,2 every=1ms") == "");
  BOOST_TEST(problem("at 1s for 6s restart-storm 1,2 every=1ms") ==
             "restart-storm: no more than 10000 times; write a shorter 'for', or a longer 'every'");
  BOOST_TEST(problem("at 1s for 1h flapping 1,2 every=1ms").starts_with("flapping: no more than"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace queenright::sim
