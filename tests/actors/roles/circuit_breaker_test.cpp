#include <boost/test/unit_test.hpp>

#include "actors/roles/report.hpp"
#include "tests/actors/roles/lone_circuit.hpp"

/// What a run does about a worker where one of its steps fails again and again.
namespace queenright::roles {
namespace {
BOOST_AUTO_TEST_SUITE(circuit_breaker)

using messages::Address;
using messages::Value;

/// A step with so many attempts, no pause between them, and two workers.
LoneCircuit two_workers(std::uint32_t attempts) {
  auto step = exec("a");
  step.retry = {attempts, {}, {}};
  LoneCircuit circuit(plan_of({step}));
  circuit.offer_worker(other_worker);
  return circuit;
}

Address worker_of(const LoneCircuit& circuit) { return circuit.running().at(0).worker; }

BOOST_AUTO_TEST_CASE(after_three_failures_in_a_row_the_other_worker_gets_the_next_attempt) {
  auto circuit = two_workers(8);
  const auto first = worker_of(circuit);
  for (int i = 0; i < 3; ++i) {
    BOOST_CHECK(worker_of(circuit) == first);
    circuit.end("a", failed());
  }
  BOOST_CHECK(worker_of(circuit) != first);
  circuit.end("a", succeeded());
  const auto report = report_of(circuit.state());
  const auto& breakers = *report.map()->at("breakers").list();
  BOOST_REQUIRE(breakers.size() == 1U);
  BOOST_CHECK(breakers[0].map()->at("worker") == Value(name_of_worker(first)));
  BOOST_CHECK(breakers[0].map()->at("step") == Value("a"));
  BOOST_CHECK(breakers[0].map()->at("reason") == Value("exit code 1"));
}

BOOST_AUTO_TEST_CASE(where_all_breakers_are_open_the_run_goes_on_all_the_same) {
  auto circuit = two_workers(8);
  for (int i = 0; i < 6; ++i) circuit.end("a", failed());
  BOOST_TEST(circuit.task("a").attempts.back().placed.find("though its breaker is open") !=
             std::string::npos);
  BOOST_TEST(circuit.state().breakers_opened == 2U);
  circuit.end("a", succeeded());
  BOOST_CHECK(circuit.state().status == messages::RunStatus::succeeded);
}

BOOST_AUTO_TEST_CASE(a_success_closes_it_and_another_step_never_had_one) {
  auto step = fan_out("a", "[1,2,3]", 1);
  step.retry = {8, {}, {}};
  LoneCircuit circuit(plan_of({step, exec("b")}));
  const auto& breakers = circuit.state().workers.at(worker_address).breakers;
  for (int i = 0; i < 3; ++i) circuit.end("a", failed());
  BOOST_TEST(breakers.at(0).open_until.has_value());
  BOOST_TEST(!breakers.contains(1));
  circuit.end("a", succeeded());
  BOOST_TEST(!breakers.contains(0));
  circuit.end("a", failed());
  BOOST_TEST(breakers.at(0).failures == 1U);
}

BOOST_AUTO_TEST_CASE(after_its_time_one_more_failure_opens_it_again) {
  using std::chrono::seconds;
  Breaker breaker;
  BOOST_TEST(!fail(breaker, seconds{1}));
  BOOST_TEST(!fail(breaker, seconds{2}));
  BOOST_TEST(fail(breaker, seconds{3}));
  BOOST_TEST(is_open(breaker, seconds{32}));
  BOOST_TEST(!fail(breaker, seconds{32}));
  BOOST_TEST(!is_open(breaker, seconds{33}));
  BOOST_TEST(fail(breaker, seconds{34}));
  BOOST_TEST(is_open(breaker, seconds{63}));
}

BOOST_AUTO_TEST_CASE(what_the_hive_thinks_of_a_worker_is_told_with_its_reason) {
  LoneCircuit circuit(plan_of({exec("a")}));
  auto offer = offer_of(worker_address);
  offer.standing = messages::WorkerStanding::degraded;
  offer.since = {7};
  offer.reason = "too many open files";
  circuit.commit(offer);
  offer.standing = messages::WorkerStanding::demoted;  // it was open already
  offer.since = {8};
  circuit.commit(offer);
  BOOST_REQUIRE(circuit.state().openings.size() == 1U);
  BOOST_TEST(!circuit.state().openings[0].step.has_value());
  BOOST_TEST(circuit.state().openings[0].reason == "degraded: too many open files");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace queenright::roles
