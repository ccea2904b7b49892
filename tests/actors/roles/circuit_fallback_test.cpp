#include <boost/test/unit_test.hpp>

#include "actors/roles/plan/check.hpp"
#include "actors/roles/report.hpp"
#include "tests/actors/roles/lone_circuit.hpp"

/// Steps that stand in for others, and steps that only wait.
namespace queenright::roles {
namespace {
BOOST_AUTO_TEST_SUITE(circuit_fallback)

using messages::Resolution;
using messages::RunStatus;
using messages::Value;
using Names = std::vector<std::string>;

/// "publish" may be stood in for by "keep"; "last" needs publish.
Plan publishing() {
  return plan_of({with_fallback(exec("publish"), 1), exec("keep"), exec("last", {0})});
}

BOOST_AUTO_TEST_CASE(a_fallback_runs_only_when_its_step_has_failed_for_good) {
  auto plan = publishing();
  plan.steps[0].retry.attempts = 2;
  LoneCircuit circuit(plan);
  BOOST_TEST((circuit.running_steps() == Names{"publish"}));
  circuit.end("publish", failed());
  BOOST_TEST(circuit.running_steps().empty());
  circuit.wait_for_deadline();
  circuit.end("publish", failed());
  BOOST_TEST((circuit.running_steps() == Names{"keep"}));
}

BOOST_AUTO_TEST_CASE(the_fallback_of_a_step_that_succeeds_is_skipped) {
  LoneCircuit circuit(publishing());
  circuit.end("publish", succeeded());
  BOOST_CHECK(circuit.status("keep") == TaskStatus::skipped);
  BOOST_TEST(circuit.step("keep").reason == "step 'publish' has not failed");
  circuit.end("last", succeeded());
  BOOST_CHECK(circuit.state().status == RunStatus::succeeded);
}

BOOST_AUTO_TEST_CASE(a_run_succeeds_when_a_fallback_has_made_good_what_failed) {
  LoneCircuit circuit(publishing());
  circuit.end("publish", failed(3));
  BOOST_CHECK(circuit.status("publish") == TaskStatus::failed);
  BOOST_CHECK(circuit.status("last") == TaskStatus::waiting);
  circuit.end("keep", succeeded());
  circuit.end("last", succeeded());
  BOOST_CHECK(circuit.state().status == RunStatus::succeeded);
  BOOST_TEST(circuit.state().exit_code == 0);
  const auto report = report_of(circuit.state());
  const auto& publish = *(*report.map()->at("steps").list())[0].map();
  BOOST_TEST(*publish.at("fallback").text() == "keep");
}

BOOST_AUTO_TEST_CASE(what_a_fallback_gives_is_what_its_step_would_have_given) {
  auto plan = publishing();
  std::get<ExecTemplate>(plan.steps[2].work).argv = {"say", "${{ steps.publish.output }}"};
  LoneCircuit circuit(plan);
  circuit.end("publish", failed());
  circuit.end("keep", succeeded("kept"));
  const auto& work = std::get<messages::Exec>(circuit.running().front().work);
  BOOST_TEST((work.argv == Names{"say", "kept"}));
}

BOOST_AUTO_TEST_CASE(when_the_fallback_fails_too_the_step_has_failed) {
  LoneCircuit circuit(publishing());
  circuit.end("publish", failed(3));
  circuit.end("keep", failed(4));
  BOOST_CHECK(circuit.status("last") == TaskStatus::skipped);
  BOOST_CHECK(circuit.state().status == RunStatus::failed);
  BOOST_TEST(circuit.state().reason == "step 'publish': exit code 3");
}

BOOST_AUTO_TEST_CASE(a_step_of_unknown_fate_falls_back_and_asks_nobody) {
  LoneCircuit circuit(publishing());
  circuit.end("publish", lost());
  BOOST_TEST((circuit.running_steps() == Names{"keep"}));
  circuit.end("keep", succeeded());
  circuit.end("last", succeeded());
  BOOST_CHECK(circuit.state().status == RunStatus::succeeded);
}

BOOST_AUTO_TEST_CASE(a_step_that_was_skipped_has_not_failed) {
  LoneCircuit circuit(plan_of({exec("first"), with_fallback(exec("then", {0}), 2), exec("keep")}));
  circuit.end("first", failed());
  BOOST_CHECK(circuit.status("then") == TaskStatus::skipped);
  BOOST_CHECK(circuit.status("keep") == TaskStatus::skipped);
}

/// A step whose first stand-in may need one itself, and one that takes what comes of it.
Plan three_in_a_row() {
  auto last = exec("last", {0});
  std::get<ExecTemplate>(last.work).argv = {"say", "${{ steps.a.output }}"};
  return plan_of({with_fallback(exec("a"), 1), with_fallback(exec("b"), 2), exec("c"), last});
}

BOOST_AUTO_TEST_CASE(a_fallback_may_have_a_fallback_that_stands_in_for_both) {
  LoneCircuit circuit(three_in_a_row());
  circuit.end("a", failed());
  circuit.end("b", failed());
  BOOST_TEST((circuit.running_steps() == Names{"c"}));
  circuit.end("c", succeeded("from c"));
  BOOST_TEST((circuit.running_steps() == Names{"last"}));
  const auto& work = std::get<messages::Exec>(circuit.running().front().work);
  BOOST_TEST((work.argv == Names{"say", "from c"}));
  circuit.end("last", succeeded());
  BOOST_CHECK(circuit.state().status == RunStatus::succeeded);
}

BOOST_AUTO_TEST_CASE(when_the_last_of_them_has_failed_all_have) {
  LoneCircuit circuit(three_in_a_row());
  circuit.end("a", failed());
  circuit.end("b", failed());
  circuit.end("c", failed());
  BOOST_CHECK(circuit.status("last") == TaskStatus::skipped);
  BOOST_CHECK(circuit.state().status == RunStatus::failed);
}

BOOST_AUTO_TEST_CASE(a_plan_whose_fallbacks_would_wait_for_ever_is_refused) {
  BOOST_TEST(check(plan_of({with_fallback(exec("a"), 1), exec("b", {0})})) != "");
  BOOST_TEST(check(plan_of({with_fallback(exec("a"), 0)})) != "");
  BOOST_TEST(check(plan_of({with_fallback(exec("a"), 7)})) != "");
  BOOST_TEST(
      check(plan_of({with_fallback(exec("a"), 2), with_fallback(exec("b"), 2), exec("c")})) != "");
  BOOST_TEST(check(plan_of({with_fallback(exec("a"), 2), exec("b", {0}), exec("c", {1})})) != "");
}

BOOST_AUTO_TEST_CASE(a_step_that_waits_needs_no_worker_and_as_long_as_it_says) {
  LoneCircuit circuit;
  circuit.commit(begin_of(plan_of({wait("pause", std::chrono::seconds{5}), noop("last", {0})})));
  BOOST_TEST((circuit.applier.applied().deadline ==
              circuit.applier.circuit_time() + std::chrono::seconds{5}));
  circuit.wait_for_deadline();
  BOOST_CHECK(circuit.status("pause") == TaskStatus::succeeded);
  BOOST_TEST(circuit.task("pause").attempts.empty());
}

BOOST_AUTO_TEST_CASE(a_step_that_waits_is_cancelled_at_once) {
  LoneCircuit circuit(plan_of({wait("pause", std::chrono::hours{1})}));
  circuit.cancel("stop");
  BOOST_CHECK(circuit.state().status == RunStatus::cancelled);
  BOOST_TEST(!circuit.applier.applied().deadline.has_value());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace queenright::roles
