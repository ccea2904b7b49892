#include "deploy/program/chaos/fault_plan.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <set>

namespace queenright::program {
namespace {
BOOST_AUTO_TEST_SUITE(fault_plan)

using std::chrono::milliseconds;

ChaosChoice choice_of(std::size_t queens, std::string_view kinds = "all") {
  ChaosChoice choice{parse_chaos_kinds(kinds).value(), std::chrono::seconds{60}, {}};
  for (std::uint16_t i = 1; i <= queens + 2; ++i) {
    const bool queen = i <= queens;
    choice.nodes.push_back({{i},
                            (queen ? "queen-" : "worker-") + std::to_string(i),
                            queen ? MemberKind::queen : MemberKind::worker,
                            {},
                            {},
                            {}});
  }
  return choice;
}

bool overlap(const PlannedFault& one, const PlannedFault& other) {
  return one.at < other.ends() + recovery_time && other.at < one.ends() + recovery_time;
}

std::set<std::string> queens_of(const PlannedFault& fault) {
  std::set<std::string> queens;
  for (const auto& node : fault.nodes)
    if (node.starts_with("queen") && trait_of(fault.kind).interrupts) queens.insert(node);
  return queens;
}

template <class Check>
void for_each_pair(std::uint64_t seed, const ChaosChoice& choice, Check check) {
  const auto faults = draw_faults(seed, choice);
  for (std::size_t i = 0; i < faults.size(); ++i)
    for (std::size_t k = i + 1; k < faults.size(); ++k)
      if (overlap(faults[i], faults[k])) check(faults[i], faults[k]);
}

BOOST_AUTO_TEST_CASE(the_same_seed_draws_the_same_faults_and_another_one_others) {
  const auto told = [](std::uint64_t seed) {
    std::string all;
    for (const auto& fault : draw_faults(seed, choice_of(3))) all += text_of(fault) + '\n';
    return all;
  };
  BOOST_TEST(told(7) == told(7));
  BOOST_TEST(told(7) != told(8));
}

BOOST_AUTO_TEST_CASE(faults_are_many_in_order_and_over_by_the_end) {
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    const auto faults = draw_faults(seed, choice_of(3));
    BOOST_TEST(faults.size() >= 20U);
    BOOST_CHECK(
        std::is_sorted(faults.begin(), faults.end(),
                       [](const auto& one, const auto& other) { return one.at < other.at; }));
    for (const auto& fault : faults) BOOST_CHECK(fault.ends() <= std::chrono::seconds{60});
  }
}

BOOST_AUTO_TEST_CASE(no_node_suffers_two_faults_at_once) {
  for (std::uint64_t seed = 1; seed <= 100; ++seed)
    for_each_pair(seed, choice_of(3), [](const PlannedFault& one, const PlannedFault& other) {
      for (const auto& node : one.nodes)
        BOOST_TEST(std::count(other.nodes.begin(), other.nodes.end(), node) == 0);
    });
}

BOOST_AUTO_TEST_CASE(a_majority_of_queens_is_left_but_for_less_than_a_second) {
  for (const std::size_t queens : {3U, 5U})
    for (std::uint64_t seed = 1; seed <= 100; ++seed) {
      const auto choice = choice_of(queens);
      for (const auto& fault : draw_faults(seed, choice)) {
        const auto out = queens_of(fault).size();
        BOOST_CHECK(out <= (queens - 1) / 2 || fault.lasts < std::chrono::seconds{1});
      }
      for_each_pair(seed, choice, [&](const PlannedFault& one, const PlannedFault& other) {
        auto out = queens_of(one);
        out.merge(queens_of(other));
        if (!queens_of(one).empty() && !queens_of(other).empty())
          BOOST_CHECK(out.size() <= (queens - 1) / 2);
      });
    }
}

BOOST_AUTO_TEST_CASE(every_kind_is_drawn_and_only_those_that_were_named) {
  std::set<ChaosKind> drawn;
  for (std::uint64_t seed = 1; seed <= 20; ++seed)
    for (const auto& fault : draw_faults(seed, choice_of(3))) drawn.insert(fault.kind);
  BOOST_TEST(drawn.size() == chaos_traits().size());
  for (const auto& fault : draw_faults(1, choice_of(3, "kill,clock")))
    BOOST_CHECK(fault.kind == ChaosKind::kill || fault.kind == ChaosKind::clock);
}

BOOST_AUTO_TEST_CASE(a_kind_that_is_unknown_is_refused_with_what_was_meant) {
  BOOST_TEST(!parse_chaos_kinds(""));
  BOOST_TEST(!parse_chaos_kinds("kill,"));
  BOOST_TEST(!parse_chaos_kinds("kill,list"));
  const auto refused = parse_chaos_kinds("slowdisk");
  BOOST_REQUIRE(!refused);
  BOOST_TEST(refused.reason().find("did you mean 'slow-disk'?") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace queenright::program
