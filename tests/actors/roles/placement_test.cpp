#include "actors/roles/circuit/placement.hpp"

#include <array>
#include <boost/test/unit_test.hpp>
#include <map>
#include <set>

namespace queenright::roles {
namespace {
BOOST_AUTO_TEST_SUITE(placement)

using messages::Address;
using messages::WorkerNeed;
using messages::WorkerStanding;

constexpr std::array<std::uint16_t, 2> first_two{1, 2};
constexpr std::array<std::uint16_t, 3> first_three{1, 2, 3};

Address worker(std::uint16_t node) { return {{node}, messages::worker_role()}; }

/// Workers 1 and up, of four slots each, and what they have been given.
struct Team {
  std::map<std::uint16_t, KnownWorker> workers;
  std::map<std::uint16_t, std::uint32_t> given;
  WorkerNeed need;
  PlanMode mode = PlanMode::distributed;
  std::optional<Address> near;
  bool takes_slot = true;

  explicit Team(std::uint16_t size) {
    for (std::uint16_t i = 1; i <= size; ++i) {
      auto& told = workers[i].told;
      told.worker = worker(i);
      told.offer.slots = 4;
    }
  }
  messages::OfferWorker& told(std::uint16_t node) { return workers.at(node).told; }

  Placement place(std::uint32_t task = 1) const {
    std::vector<Candidate> candidates;
    for (const auto& [node, known] : workers) {
      const auto load = given.find(node);
      candidates.push_back({known, load == given.end() ? 0 : load->second});
    }
    return roles::place({{7}, {task}, need, mode, near, takes_slot}, candidates);
  }
};

BOOST_AUTO_TEST_CASE(nobody_is_chosen_who_lacks_something_that_is_needed) {
  const std::vector<std::pair<WorkerNeed, std::string>> needs{
      {{{"gpu"}, {}, 0, {}}, "lacks the capability gpu"},
      {{{}, {{"zone", "a"}}, 0, {}}, "lacks the label zone: a"},
      {{{}, {}, 2, {}}, "lacks trust 2 (it has 1)"},
      {{{}, {}, 0, "eu"}, "lacks the region eu"}};
  for (const auto& [need, reason] : needs) {
    Team team(2);
    team.need = need;
    for (const auto node : first_two) {
      team.told(node).offer.trust = 1;
      team.told(node).offer.labels = {{"zone", "b"}};
      team.told(node).offer.region = "us";
    }
    const auto nobody = team.place();
    BOOST_TEST(!nobody.worker.has_value());
    BOOST_TEST(!nobody.full);
    BOOST_TEST(nobody.rejected.size() == 2U);
    BOOST_TEST(nobody.rejected[0].second == reason);

    auto& able = team.told(2).offer;
    able.capabilities = {"exec", "gpu"};
    able.labels["zone"] = "a";
    able.trust = 3;
    able.region = "eu";
    const auto placed = team.place();
    BOOST_CHECK(placed.worker == worker(2));
    BOOST_TEST(short_form(placed) == "the only one that can take it; worker@1 " + reason);
  }
}

BOOST_AUTO_TEST_CASE(the_lost_the_demoted_and_the_drained_get_nothing) {
  for (const auto standing :
       {WorkerStanding::lost, WorkerStanding::demoted, WorkerStanding::draining}) {
    Team team(2);
    team.told(1).standing = standing;
    for (std::uint32_t task = 1; task < 50; ++task)
      BOOST_CHECK(team.place(task).worker == worker(2));
    team.told(2).standing = standing;
    BOOST_TEST(!team.place().worker.has_value());
  }
}

BOOST_AUTO_TEST_CASE(a_degraded_worker_gets_only_what_nobody_else_can_take) {
  Team team(2);
  team.told(1).standing = WorkerStanding::degraded;
  team.given[2] = most_given(team.told(2)) - 1;
  BOOST_CHECK(team.place().worker == worker(2));
  team.given[2] = most_given(team.told(2));
  const auto standby = team.place();
  BOOST_CHECK(standby.worker == worker(1));
  BOOST_TEST(standby.because == "the only one that can take it, though degraded");
}

BOOST_AUTO_TEST_CASE(on_probation_a_worker_has_half_of_its_slots_and_nothing_waits_there) {
  Team team(1);
  team.told(1).standing = WorkerStanding::probation;
  team.given[1] = 1;
  BOOST_TEST(team.place().worker.has_value());
  team.given[1] = 2;
  BOOST_TEST(!team.place().worker.has_value());
  BOOST_TEST(team.place().full);
}

BOOST_AUTO_TEST_CASE(no_worker_gets_more_children_than_its_slots_and_a_window) {
  Team team(1);
  std::uint32_t given = 0;
  while (team.place().worker.has_value()) team.given[1] = ++given;
  BOOST_TEST(given == 4U + 16U);
  BOOST_TEST(team.place().full);
  BOOST_TEST(short_form(team.place()) == "all who can take it are busy");
  team.takes_slot = false;  // what does nothing is not counted
  BOOST_TEST(team.place().worker.has_value());
}

BOOST_AUTO_TEST_CASE(the_least_loaded_by_its_slots_is_chosen) {
  Team team(3);
  team.told(1).offer.slots = 8;
  team.given = {{1, 3}, {2, 2}, {3, 3}};  // 3/8, 2/4, 3/4
  const auto placed = team.place();
  BOOST_CHECK(placed.worker == worker(1));
  BOOST_TEST(short_form(placed) == "least loaded of 3");
}

BOOST_AUTO_TEST_CASE(equals_are_told_apart_by_a_hash_that_spreads_and_never_changes) {
  const Team team(3);
  std::map<Address, int> chosen;
  for (std::uint32_t task = 1; task <= 300; ++task) {
    const auto placed = team.place(task);
    BOOST_CHECK(placed.worker == team.place(task).worker);
    ++chosen[placed.worker.value()];
  }
  for (const auto node : first_three) BOOST_TEST(chosen[worker(node)] > 60);
  Team fewer(3);
  const auto first = fewer.place(1).worker.value();
  for (const auto node : first_three) {  // who was not chosen is not missed
    if (worker(node) == first) continue;
    fewer.workers.erase(node);
    BOOST_CHECK(fewer.place(1).worker == first);
    break;
  }
}

BOOST_AUTO_TEST_CASE(a_hybrid_run_stays_near_what_it_needs_until_that_has_no_free_slot) {
  Team team(3);
  team.mode = PlanMode::hybrid;
  team.near = worker(2);
  team.given[2] = 3;
  BOOST_CHECK(team.place().worker == worker(2));
  BOOST_TEST(team.place().because == "near what it needs");
  team.given[2] = 4;
  BOOST_CHECK(team.place().worker != worker(2));
  team.given = {{1, 4}, {2, 4}, {3, 4}};  // none is free: then near again
  BOOST_CHECK(team.place().worker == worker(2));
}

BOOST_AUTO_TEST_CASE(a_local_run_has_one_worker_and_waits_for_it) {
  Team team(2);
  team.mode = PlanMode::local;
  team.near = worker(1);
  team.given[1] = most_given(team.told(1));
  BOOST_TEST(team.place().full);
  team.given.clear();
  BOOST_TEST(team.place().because == "where this local run is");
  team.told(1).standing = WorkerStanding::lost;
  BOOST_TEST(
      short_form(team.place()) ==
      "no worker can take it now; worker@1 is lost; worker@2 is not where this local run is");
}

BOOST_AUTO_TEST_CASE(the_short_form_is_bounded) {
  Team team(200);
  for (auto& [node, known] : team.workers) known.told.standing = WorkerStanding::lost;
  BOOST_TEST(short_form(team.place()) ==
             "no worker can take it now; worker@1 is lost; worker@2 is lost; worker@3 is lost; and "
             "197 others");
  BOOST_TEST(short_form(Team(0).place()) == "no worker is there");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace queenright::roles
