#include <boost/test/unit_test.hpp>

#include "actors/roles/report.hpp"
#include "tests/actors/roles/lone_circuit.hpp"

/// What was done is undone when a run fails or is stopped, and what a run may use up.
namespace queenright::roles {
namespace {
BOOST_AUTO_TEST_SUITE(circuit_rollback)

using messages::Resolution;
using messages::RunStatus;
using Names = std::vector<std::string>;

Names argv_of(const LoneCircuit& circuit) {
  return std::get<messages::Exec>(circuit.running().front().work).argv;
}

/// Two steps that can be undone and have ended in this order, and one that has failed.
struct Failed {
  Plan plan = plan_of({with_rollback(exec("a")), with_rollback(exec("b")), exec("c", {0, 1})});
  LoneCircuit circuit{plan};

  void fail() {
    circuit.end("b", succeeded("of b"));
    circuit.end("a", succeeded("of a"));
    circuit.end("c", failed(9));
  }
};

BOOST_FIXTURE_TEST_CASE(what_was_done_last_is_undone_first_one_at_a_time, Failed) {
  fail();
  BOOST_CHECK(circuit.state().status == RunStatus::rolling_back);
  BOOST_TEST(circuit.running().size() == 1U);
  BOOST_TEST((argv_of(circuit) == Names{"undo", "a"}));
  circuit.end("a", succeeded());
  BOOST_TEST((argv_of(circuit) == Names{"undo", "b"}));
  circuit.end("b", succeeded());
  BOOST_CHECK(circuit.state().status == RunStatus::failed);
  BOOST_TEST(circuit.state().reason == "step 'c': exit code 9");
  BOOST_CHECK(circuit.status("a") == TaskStatus::succeeded);
}

BOOST_FIXTURE_TEST_CASE(a_run_that_succeeds_undoes_nothing, Failed) {
  circuit.end("b", succeeded());
  circuit.end("a", succeeded());
  circuit.end("c", succeeded());
  BOOST_CHECK(circuit.state().status == RunStatus::succeeded);
}

BOOST_AUTO_TEST_CASE(a_run_that_is_cancelled_is_rolled_back_too) {
  LoneCircuit circuit(plan_of({with_rollback(exec("a")), exec("b", {0})}));
  circuit.end("a", succeeded());
  circuit.cancel("stop");
  circuit.end("b", cancelled());
  BOOST_TEST((argv_of(circuit) == Names{"undo", "a"}));
  BOOST_TEST(circuit.cancel("again").effects.empty());
  circuit.end("a", succeeded());
  BOOST_CHECK(circuit.state().status == RunStatus::cancelled);
}

BOOST_AUTO_TEST_CASE(each_task_that_was_done_is_undone_with_its_own_element) {
  auto plan = plan_of({with_rollback(fan_out("a", R"(["x", "y", "z"])", 3))});
  plan.steps[0].rollback->argv = {"undo", "${{ item }}", "${{ steps.a.outputs[index] }}"};
  LoneCircuit circuit(plan);
  const auto attempts = circuit.running();
  circuit.end(attempts[1].attempt, succeeded("of y"));
  circuit.end(attempts[0].attempt, succeeded("of x"));
  circuit.end(attempts[2].attempt, failed());
  BOOST_TEST((argv_of(circuit) == Names{"undo", "x", "of x"}));
  circuit.end("a", succeeded());
  BOOST_TEST((argv_of(circuit) == Names{"undo", "y", "of y"}));
  circuit.end("a", succeeded());
  BOOST_CHECK(circuit.state().status == RunStatus::failed);
}

BOOST_FIXTURE_TEST_CASE(a_rollback_that_fails_is_told_and_keeps_no_other_one_back, Failed) {
  fail();
  circuit.end("a", failed());
  BOOST_TEST((argv_of(circuit) == Names{"undo", "b"}));
  circuit.end("b", succeeded());
  BOOST_CHECK(circuit.state().status == RunStatus::failed);
  BOOST_TEST(circuit.state().reason == "step 'c': exit code 9; 1 of its rollbacks failed");
  const auto report = report_of(circuit.state());
  const auto& a = *(*report.map()->at("steps").list())[0].map();
  const auto& rollback = *(*a.at("rollbacks").list())[0].map();
  BOOST_TEST(*rollback.at("status").text() == "failed");
}

BOOST_FIXTURE_TEST_CASE(a_rollback_of_unknown_fate_waits_for_a_person, Failed) {
  fail();
  circuit.end("a", lost());
  BOOST_CHECK(circuit.state().status == RunStatus::awaiting_operator);
  BOOST_TEST(circuit.resolve("b", Resolution::retry).refused != "");
  circuit.resolve("a", Resolution::retry);
  BOOST_CHECK(circuit.state().status == RunStatus::rolling_back);
  BOOST_TEST((argv_of(circuit) == Names{"undo", "a"}));
  circuit.end("a", lost());
  circuit.resolve("a", Resolution::skip);
  BOOST_TEST((argv_of(circuit) == Names{"undo", "b"}));
  circuit.end("b", succeeded());
  BOOST_CHECK(circuit.state().status == RunStatus::failed);
}

BOOST_AUTO_TEST_CASE(a_fallback_that_makes_good_leaves_nothing_to_undo) {
  LoneCircuit circuit(
      plan_of({with_rollback(exec("a")), with_fallback(exec("b", {0}), 2), exec("keep")}));
  circuit.end("a", succeeded());
  circuit.end("b", failed());
  circuit.end("keep", succeeded());
  BOOST_CHECK(circuit.state().status == RunStatus::succeeded);
}

BOOST_AUTO_TEST_CASE(a_run_that_takes_longer_than_its_budget_is_stopped_and_rolled_back) {
  auto plan = plan_of({with_rollback(exec("a")), exec("b", {0})});
  plan.budget.wall = std::chrono::minutes{10};
  LoneCircuit circuit(plan);
  circuit.end("a", succeeded());
  const auto made = circuit.wait_for_deadline();
  BOOST_TEST(of_kind<messages::EndAttempt>(made.effects).size() == 1U);
  circuit.end("b", cancelled());
  circuit.end("a", succeeded());  // the rollback
  BOOST_CHECK(circuit.state().status == RunStatus::failed);
  BOOST_TEST(circuit.state().exit_code == 7);
  BOOST_TEST(circuit.state().reason == "its budget is used up: the time that it may take");
}

BOOST_AUTO_TEST_CASE(no_attempt_is_begun_beyond_the_budget) {
  auto plan = plan_of({with_rollback(exec("a")), retried(exec("b", {0}), 5)});
  plan.budget.attempts = 2;
  LoneCircuit circuit(plan);
  circuit.end("a", succeeded());
  circuit.end("b", failed());
  circuit.wait_for_deadline();
  BOOST_TEST((argv_of(circuit) == Names{"undo", "a"}));  // not counted
  circuit.end("a", succeeded());
  BOOST_CHECK(circuit.state().status == RunStatus::failed);
  BOOST_TEST(circuit.state().reason == "its budget is used up: 2 attempts");
}

BOOST_AUTO_TEST_CASE(a_budget_that_suffices_changes_nothing) {
  auto plan = plan_of({exec("a"), exec("b", {0})});
  plan.budget.attempts = 2;
  LoneCircuit circuit(plan);
  circuit.end("a", succeeded());
  circuit.end("b", succeeded());
  BOOST_CHECK(circuit.state().status == RunStatus::succeeded);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace queenright::roles
