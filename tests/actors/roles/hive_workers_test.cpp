#include <boost/test/unit_test.hpp>

#include "actors/roles/hive/hive.hpp"
#include "tests/actors/roles/applier.hpp"
#include "tests/restored_anywhere.hpp"

/// The registry of workers in the hive circuit.
namespace queenright::roles {
namespace {
BOOST_AUTO_TEST_SUITE(hive_workers)

using messages::CleanUpOthers;
using messages::HiveMode;
using messages::OfferWorker;
using messages::Propose;
using messages::RegisterWorker;
using messages::RunStatus;
using messages::Session;
using messages::WorkerNeed;
using messages::WorkerOffer;
using messages::WorkerStanding;

class Registry : public Applier {
 public:
  Registry() : Applier(messages::hive_circuit) {}

  messages::AppliedEntry enroll(std::uint64_t session = 1, WorkerOffer offer = slots(4),
                                const messages::Address& worker = worker_address) {
    return commit(RegisterWorker{worker, std::move(offer), {session}, {1}});
  }
  messages::AppliedEntry open(std::vector<WorkerNeed> needs = {}) {
    return commit(messages::OpenRun{"census", "sha256:census", "key", std::move(needs)});
  }
  messages::AppliedEntry lose(std::uint64_t session = 1) {
    return commit(messages::WorkerLost{worker_address, {session}});
  }
  messages::AppliedEntry judge(bool failed, std::uint64_t session = 1) {
    return commit(messages::WorkerJudged{worker_address, {session}, failed, "no child"});
  }
  messages::AppliedEntry time_passes() {
    wait(std::max(*applied().deadline - circuit_time(), messages::Duration{}));
    return commit(messages::TimePassed{});
  }
  WorkerStanding standing() const {
    return standing_of(dynamic_cast<const Hive&>(role()).state().workers.at(worker_address));
  }
  static WorkerOffer slots(std::uint32_t number) {
    WorkerOffer offer;
    offer.slots = number;
    return offer;
  }
};

std::vector<OfferWorker> told(const messages::AppliedEntry& made) {
  std::vector<OfferWorker> offers;
  for (const auto& propose : of_kind<Propose>(made.effects))
    offers.push_back(std::get<OfferWorker>(propose.command));
  return offers;
}

BOOST_AUTO_TEST_CASE(an_offer_beyond_its_bounds_is_refused_with_the_reason) {
  const auto with = [](auto change) {
    WorkerOffer offer = Registry::slots(1);
    change(offer);
    return offer;
  };
  const std::string word = " is 1 to 128 bytes of printable ASCII without spaces";
  const std::vector<std::pair<WorkerOffer, std::string>> offers{
      {with([](auto& offer) { offer.slots = 0; }), "a worker has at least one slot"},
      {with([](auto& offer) { offer.slots = 4097; }), "a worker has at most 4096 slots"},
      {with([](auto& offer) { offer.capabilities.resize(65, "a"); }), "at most 64 capabilities"},
      {with([](auto& offer) { offer.capabilities = {std::string(129, 'a')}; }),
       "a capability" + word},
      {with([](auto& offer) {
         for (int i = 0; i < 65; ++i) offer.labels[std::to_string(i)] = "a";
       }),
       "at most 64 labels"},
      {with([](auto& offer) { offer.labels["a b"] = "c"; }), "the name of a label" + word},
      {with([](auto& offer) { offer.labels["a"] = "\n"; }), "the value of a label" + word},
      {with([](auto& offer) { offer.region = "\xC3\xA9"; }), "a region" + word},
      {with([](auto& offer) { offer.time_to_live = std::chrono::seconds{5}; }),
       "the time to live of a worker is from 6 s to 24 h"}};
  for (const auto& [offer, reason] : offers)
    BOOST_TEST(Registry().enroll(1, offer).refused == reason);
}

BOOST_AUTO_TEST_CASE(a_hive_has_a_thousand_workers_and_forgets_a_lost_one_for_another) {
  Registry registry;
  for (std::uint16_t node = 1; node <= 1000; ++node)
    BOOST_TEST(registry.enroll(1, Registry::slots(1), {{node}, messages::worker_role()}).refused ==
               "");
  const messages::Address late{{1001}, messages::worker_role()};
  BOOST_TEST(registry.enroll(1, Registry::slots(1), late).refused ==
             "a hive has at most 1000 workers");
  registry.lose();
  BOOST_TEST(registry.enroll(1, Registry::slots(1), late).refused == "");
}

BOOST_AUTO_TEST_CASE(a_run_that_no_worker_could_ever_run_is_refused_with_the_nearest) {
  Registry registry;
  const WorkerNeed need{{"gpu"}, {{"zone", "a"}}, 0, {}};
  BOOST_TEST(registry.open({need}).refused == "");  // nobody has registered: somebody may
  registry.enroll();
  auto near = Registry::slots(1);
  near.capabilities = {"gpu"};
  registry.enroll(1, near, other_worker);
  const auto refused = registry.open({{}, need});
  BOOST_TEST(refused.refused ==
             "no worker could ever run all of it: the nearest, worker@2, lacks the label zone: a");
  BOOST_CHECK(refused.result.map()->at("exit_code") == messages::Value(3));
  BOOST_TEST(refused.effects.empty());
  near.labels["zone"] = "a";
  registry.enroll(2, near, other_worker);
  BOOST_TEST(registry.open({{}, need}).refused == "");
}

BOOST_AUTO_TEST_CASE(a_lost_worker_is_told_to_open_circuits_and_to_the_queen) {
  Registry registry;
  registry.enroll();
  BOOST_TEST(registry.applied().roster->workers.size() == 1U);
  registry.open();
  BOOST_TEST(!registry.applied().roster.has_value());  // nothing has changed
  BOOST_TEST(registry.lose(2).refused == "it is not that session of the worker that is there");
  const auto lost = told(registry.lose());
  BOOST_CHECK(lost.at(0).standing == WorkerStanding::lost);
  BOOST_TEST(registry.applied().roster->workers.empty());
  BOOST_TEST(registry.applied().roster->lost.size() == 1U);
  BOOST_TEST(!registry.lose().refused.empty());

  const auto back = told(registry.enroll(2));
  BOOST_CHECK(back.at(0).standing == WorkerStanding::good);
  BOOST_TEST(back[0].session.value == 2U);
  BOOST_TEST(back[0].since.value > lost[0].since.value);
}

BOOST_AUTO_TEST_CASE(a_drained_nodes_worker_gets_nothing_and_its_queen_hears_of_it) {
  Registry registry;
  registry.enroll();
  registry.open();
  const auto node = worker_address.node;
  const auto drained = told(registry.commit(messages::DrainNode{node, "a new disk"}));
  BOOST_CHECK(drained.at(0).standing == WorkerStanding::draining);
  BOOST_CHECK((registry.applied().roster->drained == std::vector<messages::NodeId>{node}));
  registry.judge(false);
  BOOST_CHECK(told(registry.enroll(2)).at(0).standing == WorkerStanding::draining);
  const auto back = told(registry.commit(messages::UndrainNode{node}));
  BOOST_CHECK(back.at(0).standing == WorkerStanding::good);
  BOOST_TEST(registry.applied().roster->drained.empty());
  BOOST_TEST(registry.commit(messages::UndrainNode{node}).refused == "the node is not drained");
}

BOOST_AUTO_TEST_CASE(a_hive_that_drains_opens_no_run_and_says_why_and_what_ends_it) {
  Registry registry;
  registry.enroll();
  registry.open();
  BOOST_TEST(told(registry.commit(messages::SetMode{HiveMode::draining, "an upgrade"})).empty());
  const auto refused = registry.open();
  BOOST_TEST(refused.refused ==
             "the hive's mode is draining (an upgrade), so no run is opened; "
             "'queenright operator resume' ends it");
  BOOST_TEST(*refused.result.map()->at("exit_code").integer() == 6);
  registry.commit(messages::SetMode{HiveMode::normal, ""});
  BOOST_TEST(registry.open().refused.empty());
}

BOOST_AUTO_TEST_CASE(in_safe_mode_runs_are_offered_no_worker_and_all_of_them_afterwards) {
  Registry registry;
  registry.enroll();
  registry.open();
  const auto safe = told(registry.commit(messages::SetMode{HiveMode::safe, "look"}));
  BOOST_CHECK(safe.at(0).standing == WorkerStanding::draining);
  BOOST_CHECK(told(registry.enroll(2)).at(0).standing == WorkerStanding::draining);
  BOOST_CHECK(registry.standing() == WorkerStanding::good);
  const auto normal = told(registry.commit(messages::SetMode{HiveMode::normal, ""}));
  BOOST_CHECK(normal.at(0).standing == WorkerStanding::good);
}

HiveMode mode_of(const Registry& registry) {
  return dynamic_cast<const Hive&>(registry.role()).state().mode;
}

BOOST_AUTO_TEST_CASE(an_operator_who_is_silent_for_too_long_is_missed_and_the_next_sign_ends_that) {
  Registry registry;
  registry.enroll();
  BOOST_TEST(
      registry.commit(messages::Heartbeat{}).refused.starts_with("no heartbeat is expected"));
  BOOST_TEST(!registry.applied().deadline.has_value());
  registry.open();
  registry.commit(messages::SetMode{HiveMode::draining, "an upgrade"});
  registry.commit(messages::Heartbeat{std::chrono::hours{24}});
  const auto begun = registry.circuit_time();
  while (mode_of(registry) != HiveMode::safe) registry.time_passes();
  BOOST_CHECK(registry.circuit_time() - begun == std::chrono::hours{24});
  BOOST_TEST(!registry.applied().deadline.has_value());
  const auto refused = registry.open().refused;
  BOOST_TEST(refused.starts_with("the hive's mode is safe (no heartbeat of an operator since "));
  BOOST_TEST(refused.ends_with("'queenright operator heartbeat' ends it"));
  const auto heard = registry.commit(messages::Heartbeat{});
  BOOST_CHECK(told(heard).at(0).standing == WorkerStanding::good);
  BOOST_TEST(registry.open().refused.starts_with("the hive's mode is draining (an upgrade)"));
  BOOST_CHECK(registry.applied().deadline == registry.circuit_time() + std::chrono::hours{24});
}

BOOST_AUTO_TEST_CASE(an_operator_who_says_what_the_hive_is_to_be_is_there_and_may_leave_for_good) {
  Registry registry;
  registry.commit(messages::Heartbeat{std::chrono::hours{1}});
  registry.time_passes();
  BOOST_CHECK(mode_of(registry) == HiveMode::safe);
  registry.commit(messages::SetMode{HiveMode::normal, {}});
  BOOST_CHECK(mode_of(registry) == HiveMode::normal);
  BOOST_CHECK(registry.applied().deadline == registry.circuit_time() + std::chrono::hours{1});
  registry.commit(messages::Heartbeat{messages::Duration{}});
  BOOST_TEST(!registry.applied().deadline.has_value());
}

BOOST_AUTO_TEST_CASE(a_node_can_be_drained_before_its_worker_registers) {
  Registry registry;
  registry.commit(messages::DrainNode{worker_address.node, {}});
  registry.enroll();
  BOOST_CHECK(registry.standing() == WorkerStanding::draining);
}

BOOST_AUTO_TEST_CASE(who_comes_back_is_told_which_circuits_are_over) {
  Registry registry;
  registry.enroll();
  for (int i = 0; i < 3; ++i) registry.open();
  registry.lose();
  const auto over = registry.commit(messages::RunChanged{{2}, RunStatus::succeeded, 0, {}});
  BOOST_TEST(of_kind<messages::CleanUp>(over.effects).empty());
  const auto others = of_kind<CleanUpOthers>(registry.enroll(2).effects);
  BOOST_REQUIRE(others.size() == 1U);
  BOOST_CHECK((others[0].wanted == std::vector<messages::CircuitId>{{1}, {3}}));
  BOOST_TEST(others[0].last.value == 3U);
  BOOST_TEST(of_kind<CleanUpOthers>(registry.enroll(3).effects).empty());  // it was not lost
}

BOOST_AUTO_TEST_CASE(a_worker_that_keeps_failing_is_demoted_and_comes_back_by_probation) {
  Registry registry;
  registry.enroll();
  registry.open();
  for (int i = 1; i <= 6; ++i)
    BOOST_TEST(told(registry.judge(true)).size() == (i == 3 || i == 6 ? 1U : 0U));
  BOOST_CHECK(registry.standing() == WorkerStanding::demoted);
  BOOST_CHECK(told(registry.time_passes()).at(0).standing == WorkerStanding::probation);
  for (int i = 1; i <= 3; ++i) registry.judge(false);
  BOOST_CHECK(registry.standing() == WorkerStanding::good);
  registry.enroll(2);
  BOOST_TEST(!registry.judge(true, 1).refused.empty());  // of an earlier session
}

BOOST_AUTO_TEST_CASE(the_registry_is_the_same_from_every_snapshot) {
  Registry registry;
  registry.enroll();
  registry.open();
  registry.lose();
  registry.enroll(2);
  for (int i = 0; i < 6; ++i) registry.judge(true, 2);
  registry.time_passes();
  const auto role = messages::circuit_role(messages::hive_circuit);
  messages::same_from_every_snapshot(
      registry.inputs(), *make_role(role),
      [role](const std::string& snapshot) { return restore_role(role, snapshot); });
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace queenright::roles
