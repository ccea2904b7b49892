#include <boost/test/unit_test.hpp>

#include "actors/roles/circuit/reusable.hpp"
#include "tests/actors/roles/lone_circuit.hpp"

/// Another run of a plan does not do again what has succeeded, and does nothing again of which
/// nobody knows whether it was done.
namespace queenright::roles {
namespace {
BOOST_AUTO_TEST_SUITE(circuit_reuse)

using messages::Resolution;
using messages::RunStatus;
using messages::Value;
using Names = std::vector<std::string>;

/// The next run of its plan, without what need not be done again.
LoneCircuit after(const LoneCircuit& earlier) {
  LoneCircuit next;
  next.offer_worker();
  auto begin = begin_of(earlier.state().plan);
  begin.reused = reusable(earlier.state()).steps;
  BOOST_REQUIRE(next.commit(std::move(begin)).refused.empty());
  return next;
}

const messages::AttemptId& attempt_at(const LoneCircuit& circuit, std::size_t place) {
  return circuit.running().at(place).attempt;
}

BOOST_AUTO_TEST_CASE(of_a_fan_out_only_what_failed_is_done_again) {
  LoneCircuit first(plan_of({fan_out("pay", R"(["anna", "bob", "carl"])", 1), exec("tell", {0})}));
  first.end("pay", succeeded("to anna"));
  first.end("pay", succeeded("to bob"));
  first.end("pay", failed());
  auto second = after(first);
  BOOST_TEST((second.running_steps() == Names{"pay/2"}));
  second.end("pay", succeeded("to carl"));
  BOOST_CHECK(second.step("pay").outputs == Value(Value::List{"to anna", "to bob", "to carl"}));
  second.end("tell", succeeded());
  BOOST_CHECK(second.state().status == RunStatus::succeeded);
  BOOST_TEST(second.task("pay", 0).attempts.empty());
}

BOOST_AUTO_TEST_CASE(what_is_reused_of_a_part_is_reused_again_by_the_run_after) {
  LoneCircuit first(plan_of({fan_out("a", "[1, 2, 3]", 3)}));
  const auto attempts = first.running();
  first.end(attempts[0].attempt, succeeded("one"));
  first.end(attempts[1].attempt, failed());
  first.end(attempts[2].attempt, succeeded("three"));
  auto second = after(first);
  second.end("a", failed());
  BOOST_TEST((after(second).running_steps() == Names{"a/1"}));
}

BOOST_AUTO_TEST_CASE(elements_that_were_undone_are_done_again) {
  LoneCircuit first(plan_of({with_rollback(fan_out("a", "[1, 2]", 1))}));
  first.end("a", succeeded("one"));
  first.end("a", failed());
  first.end("a", succeeded());  // the rollback
  BOOST_CHECK(first.state().status == RunStatus::failed);
  auto second = after(first);
  BOOST_TEST((second.running_steps() == Names{"a/0"}));
}

BOOST_AUTO_TEST_CASE(a_part_is_not_reused_when_what_it_was_made_of_is_made_again) {
  LoneCircuit first(plan_of({exec("list"), fan_out("a", "[1, 2]", 1, {0})}));
  first.end("list", succeeded());
  first.end("a", succeeded());
  first.end("a", failed());
  auto reused = reusable(first.state()).steps;
  BOOST_TEST(reused.size() == 2U);
  BOOST_TEST(do_again(reused, first.state().plan, "list"));
  BOOST_TEST(reused.empty());
}

BOOST_AUTO_TEST_CASE(what_another_step_has_stood_in_for_is_not_done_again) {
  auto last = exec("last", {0});
  std::get<ExecTemplate>(last.work).argv = {"say", "${{ steps.a.output }}"};
  LoneCircuit first(plan_of({with_fallback(exec("a"), 1), exec("b"), last}));
  first.end("a", failed());
  first.end("b", succeeded("from b"));
  first.end("last", failed());
  auto second = after(first);
  BOOST_TEST((second.running_steps() == Names{"last"}));
  const auto& work = std::get<messages::Exec>(second.running().front().work);
  BOOST_TEST((work.argv == Names{"say", "from b"}));
}

BOOST_AUTO_TEST_CASE(what_nobody_knows_stays_unknown_in_a_run_that_is_cancelled) {
  LoneCircuit circuit(plan_of({exec("pay"), exec("other")}));
  circuit.end("pay", lost());
  circuit.cancel("stop");
  circuit.end("other", cancelled());
  BOOST_CHECK(circuit.state().status == RunStatus::cancelled);
  BOOST_CHECK(circuit.status("pay") == TaskStatus::unknown);
  BOOST_TEST(circuit.state().reason == "stop; nobody knows what step 'pay' did");
  BOOST_TEST(circuit.resolve("pay", Resolution::skip).refused == "the run is over");
  BOOST_TEST((reusable(circuit.state()).undecided == Names{"pay"}));
}

BOOST_AUTO_TEST_CASE(an_attempt_that_is_lost_while_its_run_is_cancelled_is_unknown_too) {
  LoneCircuit circuit(plan_of({exec("pay"), idempotent(exec("look"))}));
  circuit.cancel("stop");
  circuit.end("pay", lost());
  circuit.end("look", lost());
  BOOST_CHECK(circuit.state().status == RunStatus::cancelled);
  BOOST_CHECK(circuit.status("pay") == TaskStatus::unknown);
  BOOST_CHECK(circuit.status("look") == TaskStatus::cancelled);
  BOOST_TEST((reusable(circuit.state()).undecided == Names{"pay"}));
}

BOOST_AUTO_TEST_CASE(an_element_of_unknown_fate_that_a_failure_left_behind_is_decided_first) {
  LoneCircuit circuit(plan_of({fan_out("a", "[1, 2, 3]", 3)}));
  const auto attempts = circuit.running();
  circuit.end(attempts[0].attempt, succeeded());
  circuit.end(attempts[1].attempt, lost());
  circuit.end(attempts[2].attempt, failed());
  const auto again = reusable(circuit.state());
  BOOST_TEST((again.undecided == Names{"a"}));
  BOOST_REQUIRE(again.steps.size() == 1U);
  BOOST_TEST((again.steps[0].done == std::vector<std::uint32_t>{0}));
}

BOOST_AUTO_TEST_CASE(nobody_may_skip_a_step_to_which_somebody_has_to_agree) {
  auto gate = noop("gate");
  gate.approval = Approval{};
  const auto plan = plan_of({gate, exec("a", {0})});
  std::vector<messages::ReusedStep> reused;
  BOOST_TEST(!skip(reused, plan, "gate"));
  BOOST_TEST(!skip(reused, plan, "nowhere"));
  BOOST_TEST(skip(reused, plan, "a").value());
  auto begin = begin_of(plan);
  begin.reused = {{"gate", {}, Value::List{Value()}}};
  LoneCircuit circuit;
  BOOST_TEST(circuit.commit(begin).refused != "");
}

BOOST_AUTO_TEST_CASE(what_a_person_says_was_done_is_undone_with_the_rest) {
  LoneCircuit circuit(plan_of({with_rollback(exec("a")), exec("b", {0})}));
  circuit.end("a", lost());
  circuit.resolve("a", Resolution::skip);
  circuit.end("b", failed());
  BOOST_CHECK(circuit.state().status == RunStatus::rolling_back);
  BOOST_TEST((circuit.running_steps() == Names{"a"}));
}

BOOST_AUTO_TEST_CASE(a_rollback_that_a_person_has_skipped_has_not_failed) {
  LoneCircuit circuit(plan_of({with_rollback(exec("a")), exec("b", {0})}));
  circuit.end("a", succeeded());
  circuit.end("b", failed());
  circuit.end(attempt_at(circuit, 0), lost());
  circuit.resolve("a", Resolution::skip);
  BOOST_TEST(circuit.state().reason == "step 'b': exit code 1");
}

BOOST_AUTO_TEST_CASE(a_fan_out_that_was_skipped_has_given_an_empty_list) {
  LoneCircuit circuit(
      plan_of({when(fan_out("a", "[1]", 1), "false"), fan_out("b", "steps.a.outputs", 1, {0})}));
  BOOST_CHECK(circuit.status("b") == TaskStatus::succeeded);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace queenright::roles
