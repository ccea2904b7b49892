#include "sim/faults/fault_draw.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <map>

#include "sim/faults/conditions.hpp"

namespace queenright::sim {
namespace {
BOOST_AUTO_TEST_SUITE(faults)

using namespace std::chrono_literals;

FaultChoice choice_of(std::uint32_t queens, const char* list = "all") {
  return {parse_fault_kinds(list).value(), {queens, 2}, 3, {}, false, false};
}

std::vector<Fault> schedule(std::uint64_t seed, const FaultChoice& choice) {
  return FaultDraw(seed, choice).schedule();
}

constexpr std::uint64_t seeds = 300;

/// Of many seeds and hives of all sizes.
template <class Look>
void for_each_schedule(Look look) {
  for (const std::uint32_t queens : {1U, 2U, 3U, 5U, 7U})
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
      auto choice = choice_of(queens, "all,beyond");
      choice.hot = seed % 2 == 0;
      choice.harsh = seed % 3 == 0;
      look(choice, schedule(seed, choice), seed);
    }
}

BOOST_AUTO_TEST_CASE(a_seed_gives_the_same_schedule_again_and_another_seed_another) {
  const auto choice = choice_of(5);
  BOOST_TEST((schedule(1, choice) == schedule(1, choice)));
  BOOST_TEST((schedule(1, choice) != schedule(2, choice)));
}

BOOST_AUTO_TEST_CASE(every_fault_can_be_in_its_hive_and_every_line_is_read_back) {
  for_each_schedule([](const FaultChoice& choice, const auto& all, std::uint64_t seed) {
    for (const Fault& fault : all) {
      const auto problem = problem_of(fault, choice.layout);
      BOOST_REQUIRE_MESSAGE(problem.empty(), "seed " << seed << ": " << problem);
      const auto again = parse_fault(text_of(fault));
      BOOST_REQUIRE_MESSAGE(again && again.value() == fault, text_of(fault));
    }
  });
}

BOOST_AUTO_TEST_CASE(no_more_queens_forget_their_promises_than_a_hive_can_bear) {
  std::size_t most = 0;
  for_each_schedule([&](const FaultChoice& choice, const auto& all, std::uint64_t seed) {
    std::set<NodeId> forgetful;
    for (const Fault& fault : all)
      if (may_lose_promises(fault.kind)) forgetful.insert(fault.nodes.begin(), fault.nodes.end());
    const auto bound = choice.layout.queens - choice.layout.majority();
    BOOST_REQUIRE_MESSAGE(forgetful.size() <= bound, "seed " << seed);
    most = std::max(most, forgetful.size());
  });
  BOOST_TEST(most == 3U);  // N - M of seven
}

BOOST_AUTO_TEST_CASE(what_the_core_is_left_with_is_a_majority_that_remembers_and_is_whole) {
  std::size_t with_hub = 0;
  for_each_schedule([&](const FaultChoice& choice, const auto& all, std::uint64_t seed) {
    if (choice.layout.queens == 1) return;
    const auto found = std::find_if(
        all.begin(), all.end(), [](const Fault& fault) { return fault.kind == FaultKind::core; });
    BOOST_REQUIRE(found != all.end());
    std::vector<Fault> parts;
    for (const Fault& fault : all)
      for (auto& part : unfolded(fault, choice.layout)) parts.push_back(std::move(part));
    std::set<NodeId> remember(found->nodes.begin(), found->nodes.end());
    for (const Fault& fault : all)
      if (may_lose_promises(fault.kind)) remember.erase(fault.nodes.front());
    BOOST_REQUIRE_MESSAGE(remember.size() >= choice.layout.majority(), "seed " << seed);
    const auto now = conditions_at(parts, choice.phases.core_at() + 60ms);  // after a lie's crash
    std::set<NodeId> whole(found->nodes.begin(), found->nodes.end());
    for (const Fault& fault : all)
      if (fault.at == found->at && (fault.kind == FaultKind::deaf || fault.kind == FaultKind::mute))
        for (const NodeId queen : fault.nodes) whole.erase(queen);
    BOOST_REQUIRE_MESSAGE(whole.size() >= choice.layout.majority(), "seed " << seed);
    for (const NodeId queen : whole) {
      BOOST_REQUIRE_MESSAGE(!now.down.contains(queen) && !now.paused.contains(queen), seed);
      const NodeId hub{static_cast<NodeId::number_type>(found->amount)};
      for (const NodeId other : whole)
        if (hub.value == 0 || queen == hub || other == hub)
          BOOST_REQUIRE_MESSAGE(!now.cuts.contains({queen, other}), "seed " << seed);
    }
    if (found->amount != 0) {
      ++with_hub;
      BOOST_REQUIRE(remember.contains({static_cast<NodeId::number_type>(found->amount)}));
    }
    BOOST_REQUIRE(now.loss == 0 && now.delay == Duration{} && now.full.empty());
  });
  BOOST_TEST(with_hub > seeds / 2);
}

BOOST_AUTO_TEST_CASE(at_the_end_all_is_whole) {
  for_each_schedule([](const FaultChoice& choice, const auto& all, std::uint64_t seed) {
    std::vector<Fault> parts;
    for (const Fault& fault : all)
      for (auto& part : unfolded(fault, choice.layout)) parts.push_back(std::move(part));
    BOOST_REQUIRE_MESSAGE((conditions_at(parts, choice.phases.healed_at() + 60ms) == Conditions{}),
                          "seed " << seed);
  });
}

BOOST_AUTO_TEST_CASE(a_fault_comes_about_every_quarter_of_a_second_and_more_often_when_hot) {
  std::size_t usual = 0;
  std::size_t hot = 0;
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    auto choice = choice_of(5);
    usual += schedule(seed, choice).size();
    choice.hot = true;
    hot += schedule(seed, choice).size();
  }
  BOOST_TEST((usual > 100 * 25 && usual < 100 * 40));
  BOOST_TEST((hot > 100 * 80 && hot < 100 * 120));
}

BOOST_AUTO_TEST_CASE(every_kind_is_drawn_and_no_other_than_what_is_asked_for) {
  std::map<FaultKind, std::size_t> drawn;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed)
    for (const Fault& fault : schedule(seed, choice_of(5, "all,beyond"))) ++drawn[fault.kind];
  for (const auto& trait : fault_traits()) BOOST_TEST(drawn[trait.kind] > 0U, trait.name);
  for (const Fault& fault : schedule(1, choice_of(5, "pause")))
    BOOST_TEST((fault.kind == FaultKind::pause || fault.kind == FaultKind::core ||
                fault.kind == FaultKind::crash));
  BOOST_TEST(schedule(1, choice_of(5, "none")).empty());
}

BOOST_AUTO_TEST_CASE(where_no_run_is_nothing_is_cancelled) {
  auto choice = choice_of(3);
  choice.circuits = 0;
  std::size_t drawn = 0;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed)
    for (const Fault& fault : schedule(seed, choice)) {
      BOOST_TEST((fault.kind != FaultKind::cancel));
      ++drawn;
    }
  BOOST_TEST(drawn > seeds);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace queenright::sim
