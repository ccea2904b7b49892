#include <boost/test/unit_test.hpp>

#include "actors/roles/circuit/circuit.hpp"
#include "tests/actors/roles/lone_circuit.hpp"

/// What a run's circuit does about workers that decline, fail, are lost and come back.
namespace queenright::roles {
namespace {
BOOST_AUTO_TEST_SUITE(circuit_workers)

using messages::Address;
using messages::AttemptEnd;
using messages::AttemptOutcome;
using messages::EndAttempt;
using messages::OfferWorker;
using messages::Propose;
using messages::RunStatus;
using messages::WorkerJudged;
using messages::WorkerStanding;
using std::chrono::seconds;

AttemptOutcome declined() {
  AttemptOutcome outcome;
  outcome.end = AttemptEnd::declined;
  outcome.reason = "full";
  return outcome;
}

AttemptOutcome worker_failed() {
  AttemptOutcome outcome;
  outcome.end = AttemptEnd::not_started;
  outcome.worker_failed = true;
  outcome.reason = "too many open files";
  return outcome;
}

OfferWorker told(WorkerStanding standing, std::uint64_t since,
                 const Address& worker = worker_address) {
  auto offer = offer_of(worker);
  offer.standing = standing;
  offer.since = {since};
  return offer;
}

/// In a later session, of which it remembers all, or only that one.
OfferWorker back(std::uint64_t since, bool remembers = true) {
  auto offer = told(WorkerStanding::good, since);
  offer.session.value += 1;
  if (!remembers) offer.remembers = offer.session;
  return offer;
}

std::vector<WorkerJudged> judged(const messages::AppliedEntry& made) {
  std::vector<WorkerJudged> all;
  for (const auto& propose : of_kind<Propose>(made.effects))
    if (const auto* one = std::get_if<WorkerJudged>(&propose.command)) all.push_back(*one);
  return all;
}

BOOST_AUTO_TEST_CASE(an_attempt_says_for_which_session_it_is_and_why_it_is_there) {
  LoneCircuit circuit(plan_of({exec("a")}));
  BOOST_CHECK(circuit.running().at(0).session == offer_of(worker_address).session);
  const auto& attempt = circuit.task("a").attempts.at(0);
  BOOST_CHECK(attempt.session == offer_of(worker_address).session);
  BOOST_TEST(attempt.placed == "the only one");
}

BOOST_AUTO_TEST_CASE(a_task_that_nobody_can_take_says_what_it_waits_for_and_goes_to_who_comes) {
  auto step = exec("a");
  step.worker.capabilities = {"gpu"};
  LoneCircuit circuit(plan_of({step}));
  BOOST_TEST(circuit.running().empty());
  BOOST_CHECK(circuit.state().status == RunStatus::running);
  BOOST_TEST(circuit.task("a").reason ==
             "no worker can take it now; worker@1 lacks the capability gpu");
  BOOST_TEST(circuit.events().back() == "a ready");
  auto able = offer_of(other_worker);
  able.offer.capabilities = {"gpu"};
  circuit.commit(able);
  BOOST_CHECK(circuit.running().at(0).worker == other_worker);
}

BOOST_AUTO_TEST_CASE(a_worker_gets_no_more_than_it_may_and_the_next_when_one_has_ended) {
  LoneCircuit circuit(plan_of({fan_out("a",
                                       "[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,"
                                       "21,22,23]",
                                       100)}));
  BOOST_TEST(circuit.running().size() == 20U);  // 4 slots, and 16
  circuit.end("a", succeeded());
  BOOST_TEST(circuit.running().size() == 20U);
  BOOST_TEST(circuit.running().back().attempt.task.value == 21U);  // in their order
}

BOOST_AUTO_TEST_CASE(what_is_declined_goes_elsewhere_and_is_no_failure_of_the_step) {
  LoneCircuit circuit(plan_of({exec("a")}));
  circuit.offer_worker(other_worker);
  const auto made = circuit.end("a", declined());
  BOOST_TEST(judged(made).empty());
  BOOST_CHECK(circuit.running().at(0).worker == other_worker);
  circuit.end("a", declined());  // then nobody can at the moment
  BOOST_TEST(circuit.running().empty());
  BOOST_TEST(circuit.task("a").reason.find("declined, and is asked again") != std::string::npos);
  circuit.wait_for_deadline();
  BOOST_TEST(circuit.running().size() == 1U);
  BOOST_TEST(circuit.task("a").known_failures == 0U);
  circuit.end("a", succeeded());
  BOOST_CHECK(circuit.state().status == RunStatus::succeeded);
}

BOOST_AUTO_TEST_CASE(who_declines_again_and_again_is_asked_less_and_less_often) {
  LoneCircuit circuit(plan_of({exec("a")}));
  std::vector<messages::Duration> pauses;
  for (int i = 0; i < 9; ++i) {
    const auto at = circuit.applier.circuit_time();
    circuit.end("a", declined());
    circuit.wait_for_deadline();
    pauses.push_back(circuit.applier.circuit_time() - at);
  }
  BOOST_CHECK(pauses.front() >= std::chrono::milliseconds{100});
  BOOST_TEST(std::is_sorted(pauses.begin(), pauses.end()));
  BOOST_CHECK(pauses.back() >= seconds{5});
}

BOOST_AUTO_TEST_CASE(of_many_that_are_declined_at_once_only_the_first_counts) {
  LoneCircuit circuit(plan_of({exec("a"), exec("b"), exec("c"), exec("d"), exec("e")}));
  const auto at = circuit.applier.circuit_time();
  for (const char* step : {"a", "b", "c", "d", "e"}) circuit.end(step, declined());
  circuit.wait_for_deadline();
  BOOST_TEST(circuit.running().size() == 5U);
  BOOST_CHECK(circuit.applier.circuit_time() - at < std::chrono::milliseconds{200});
}

BOOST_AUTO_TEST_CASE(a_workers_failure_is_told_to_the_hive_and_is_none_of_the_step_for_a_while) {
  LoneCircuit circuit(plan_of({exec("a")}));
  for (int i = 0; i < 8; ++i) {
    const auto said = judged(circuit.end("a", worker_failed()));
    BOOST_REQUIRE(said.size() == 1U);
    BOOST_TEST(said[0].failed);
    BOOST_TEST(said[0].reason == "too many open files");
    circuit.wait_for_deadline();
  }
  BOOST_TEST(circuit.task("a").known_failures == 0U);
  circuit.end("a", worker_failed());
  BOOST_CHECK(circuit.state().status == RunStatus::failed);
}

BOOST_AUTO_TEST_CASE(a_success_is_told_after_a_failure_and_of_who_is_not_in_good_standing) {
  LoneCircuit circuit(plan_of({noop("a"), exec("b", {0}), exec("c", {1}), exec("d", {2})}));
  BOOST_TEST(judged(circuit.end("a", succeeded())).empty());
  circuit.end("b", worker_failed());
  circuit.wait_for_deadline();
  const auto well = judged(circuit.end("b", succeeded()));
  BOOST_REQUIRE(well.size() == 1U);
  BOOST_TEST(!well[0].failed);
  BOOST_TEST(judged(circuit.end("c", succeeded())).empty());
  circuit.commit(told(WorkerStanding::probation, 1));
  BOOST_TEST(judged(circuit.end("d", failed())).size() == 1U);  // the step's, not the worker's
}

BOOST_AUTO_TEST_CASE(what_an_earlier_entry_says_of_a_worker_is_not_believed) {
  LoneCircuit circuit(plan_of({exec("a")}));
  circuit.commit(told(WorkerStanding::demoted, 9));
  BOOST_TEST(circuit.commit(told(WorkerStanding::good, 8)).refused ==
             "a later entry has told of this worker");
}

BOOST_AUTO_TEST_CASE(a_lost_workers_attempts_stay_assigned_until_its_time_to_live_is_over) {
  LoneCircuit circuit(plan_of({exec("a"), idempotent(exec("b"))}));
  circuit.offer_worker(other_worker);
  const auto lost_at = circuit.applier.circuit_time();
  circuit.commit(told(WorkerStanding::lost, 1));
  BOOST_TEST(circuit.running().size() == 2U);
  const auto made = circuit.wait_for_deadline();
  BOOST_CHECK(circuit.applier.circuit_time() >= lost_at + seconds{60});
  BOOST_CHECK(circuit.status("a") == TaskStatus::unknown);
  BOOST_TEST(circuit.step("a").reason == "worker@1 is lost, and its time to live is over");
  BOOST_CHECK(circuit.task("b").status == TaskStatus::assigned);
  BOOST_CHECK(circuit.task("b").attempts.back().worker == other_worker);
  BOOST_TEST(of_kind<EndAttempt>(made.effects).size() == 2U);  // should they run on all the same
}

BOOST_AUTO_TEST_CASE(a_worker_that_is_back_in_time_goes_on_and_its_results_count) {
  LoneCircuit circuit(plan_of({exec("a")}));
  circuit.commit(told(WorkerStanding::lost, 1));
  circuit.commit(back(2));
  BOOST_TEST(!circuit.applier.applied().deadline.has_value());
  circuit.end("a", succeeded());
  BOOST_CHECK(circuit.state().status == RunStatus::succeeded);
}

BOOST_AUTO_TEST_CASE(a_result_that_comes_too_late_is_refused) {
  LoneCircuit circuit(plan_of({exec("a")}));
  circuit.commit(told(WorkerStanding::lost, 1));
  circuit.wait_for_deadline();
  BOOST_CHECK(circuit.state().status == RunStatus::awaiting_operator);
  BOOST_TEST(circuit.end("a", succeeded()).refused == "no such attempt is wanted");
}

BOOST_AUTO_TEST_CASE(of_attempts_that_a_worker_does_not_remember_nobody_will_know_the_end) {
  LoneCircuit circuit(plan_of({exec("a")}));
  circuit.commit(back(1));
  BOOST_CHECK(circuit.task("a").status == TaskStatus::assigned);
  auto forgetful = back(2, false);
  circuit.commit(forgetful);
  BOOST_CHECK(circuit.status("a") == TaskStatus::unknown);
}

BOOST_AUTO_TEST_CASE(a_run_that_is_over_waits_for_no_worker) {
  LoneCircuit circuit(plan_of({exec("a")}));
  circuit.commit(told(WorkerStanding::lost, 1));
  circuit.end("a", failed());
  BOOST_CHECK(circuit.state().status == RunStatus::failed);
  BOOST_TEST(!circuit.applier.applied().deadline.has_value());
}

BOOST_AUTO_TEST_CASE(a_local_plan_stays_on_one_worker_and_its_steps_have_one_need) {
  auto plan = plan_of({exec("a"), exec("b"), exec("c")});
  plan.mode = PlanMode::local;
  plan.steps[2].worker.capabilities = {"gpu"};
  LoneCircuit circuit;
  circuit.offer_worker();
  auto able = offer_of(other_worker);
  able.offer.capabilities = {"gpu"};
  circuit.commit(able);
  circuit.commit(begin_of(plan));
  BOOST_TEST(circuit.running().size() == 3U);
  for (const auto& start : circuit.running()) BOOST_CHECK(start.worker == other_worker);
}

BOOST_AUTO_TEST_CASE(a_distributed_plan_is_spread_and_a_hybrid_one_stays_together) {
  for (const auto mode : {PlanMode::distributed, PlanMode::hybrid}) {
    auto plan = plan_of({exec("a"), exec("b"), exec("c"), exec("d")});
    plan.mode = mode;
    LoneCircuit circuit;
    circuit.offer_worker();
    circuit.offer_worker(other_worker);
    circuit.commit(begin_of(plan));
    std::map<Address, int> given;
    for (const auto& start : circuit.running()) ++given[start.worker];
    BOOST_TEST(given.size() == (mode == PlanMode::distributed ? 2U : 1U));
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace queenright::roles
