#include "actors/roles/supervision/restart_policy.hpp"

#include <boost/test/unit_test.hpp>

#include "messages/reader.hpp"
#include "tests/restored_anywhere.hpp"

namespace queenright::roles {
namespace {
BOOST_AUTO_TEST_SUITE(restart_policy)

using messages::ActorDown;
using messages::Effect;
using messages::Input;
using messages::Instant;
using messages::Restart;
using messages::RoleId;
using messages::StopNode;
using std::chrono::seconds;
using Roles = std::vector<RoleId>;

const RoleId queen = messages::queen_role();
const RoleId worker = messages::worker_role();
const RoleId hive = messages::circuit_role(messages::hive_circuit);

Input at(int second, Input::Body body) {
  return {{}, {}, Instant{seconds{second}}, {}, std::move(body)};
}

/// What is decided when `role` ends at this second.
Effect verdict(RestartPolicy& policy, int second, RoleId role) {
  messages::Effects effects;
  policy.step(at(second, ActorDown{role, "why"}), effects);
  const auto verdicts = effects.take();
  BOOST_REQUIRE(verdicts.size() == 1U);
  return verdicts[0];
}

bool restarts(const Effect& effect) { return std::holds_alternative<Restart>(effect.body); }

Roles restarted(Strategy strategy, RoleId ended) {
  RestartPolicy policy({{strategy, {queen, worker, hive}, 5, seconds{10}}, {}});
  return std::get<Restart>(verdict(policy, 1, ended).body).roles;
}

RestartPolicy three_in_ten_seconds() {
  return RestartPolicy({{Strategy::one_for_one, {queen, worker, hive}, 3, seconds{10}}, {}});
}

BOOST_AUTO_TEST_CASE(one_for_one_brings_back_who_ended) {
  BOOST_CHECK((restarted(Strategy::one_for_one, worker) == Roles{worker}));
}

BOOST_AUTO_TEST_CASE(rest_for_one_brings_back_those_who_started_later_too) {
  BOOST_CHECK((restarted(Strategy::rest_for_one, queen) == Roles{queen, worker, hive}));
  BOOST_CHECK((restarted(Strategy::rest_for_one, worker) == Roles{worker, hive}));
  BOOST_CHECK((restarted(Strategy::rest_for_one, hive) == Roles{hive}));
}

BOOST_AUTO_TEST_CASE(one_for_all_brings_back_everybody_in_their_order) {
  BOOST_CHECK((restarted(Strategy::one_for_all, worker) == Roles{queen, worker, hive}));
}

BOOST_AUTO_TEST_CASE(who_is_no_child_comes_back_alone) {
  const RoleId stranger = messages::circuit_role({7});
  for (const auto strategy : {Strategy::one_for_one, Strategy::rest_for_one, Strategy::one_for_all})
    BOOST_CHECK((restarted(strategy, stranger) == Roles{stranger}));
}

BOOST_AUTO_TEST_CASE(too_many_falls_in_the_period_end_the_node) {
  RestartPolicy policy = three_in_ten_seconds();
  for (int second = 1; second <= 3; ++second) BOOST_TEST(restarts(verdict(policy, second, queen)));
  const auto stop = std::get<StopNode>(verdict(policy, 4, worker).body);
  BOOST_TEST(stop.exit_code == 6);
  BOOST_TEST(stop.reason == "worker failed 4 times: why");
}

BOOST_AUTO_TEST_CASE(falls_of_an_earlier_period_do_not_count) {
  RestartPolicy policy = three_in_ten_seconds();
  for (int fall = 0; fall < 100; ++fall) BOOST_TEST(restarts(verdict(policy, fall * 5, queen)));
}

BOOST_AUTO_TEST_CASE(a_fall_counts_for_the_whole_period_and_no_longer) {
  for (const auto& [second, restarts_again] : {std::pair{11, false}, std::pair{12, true}}) {
    RestartPolicy policy = three_in_ten_seconds();
    for (int fall = 0; fall < 3; ++fall) verdict(policy, 1, queen);
    BOOST_TEST(restarts(verdict(policy, second, queen)) == restarts_again);
  }
}

BOOST_AUTO_TEST_CASE(a_boot_begins_a_new_count) {
  RestartPolicy policy = three_in_ten_seconds();
  for (int fall = 0; fall < 3; ++fall) verdict(policy, 1, queen);
  messages::Effects effects;
  policy.step(at(1, messages::Booted{}), effects);
  BOOST_TEST(effects.take().empty());
  BOOST_TEST(restarts(verdict(policy, 1, queen)));
}

BOOST_AUTO_TEST_CASE(a_policy_restored_between_any_two_inputs_goes_on_as_if_nothing_had_been) {
  std::vector<Input> inputs{at(0, messages::Booted{})};
  for (const int second : {1, 4, 11, 13, 14, 15})
    inputs.push_back(at(second, ActorDown{queen, "w"}));
  RestartPolicy policy = three_in_ten_seconds();
  messages::same_from_every_snapshot(
      inputs, policy, [](const std::string& snapshot) -> std::unique_ptr<messages::Role> {
        return std::make_unique<RestartPolicy>(messages::decode<SupervisorState>(snapshot).value());
      });
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace queenright::roles
