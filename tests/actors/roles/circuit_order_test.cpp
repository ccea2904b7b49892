#include <boost/test/unit_test.hpp>

#include "tests/actors/roles/lone_circuit.hpp"

/// When steps start, and which never do.
namespace queenright::roles {
namespace {
BOOST_AUTO_TEST_SUITE(circuit_order)

using messages::RunStatus;
using messages::Value;
using Names = std::vector<std::string>;

const messages::Exec& exec_of(const LoneCircuit& circuit, std::size_t place = 0) {
  return std::get<messages::Exec>(circuit.running().at(place).work);
}

BOOST_AUTO_TEST_CASE(a_step_starts_when_all_that_it_needs_have_succeeded) {
  LoneCircuit circuit(plan_of({exec("a"), exec("b", {0}), exec("c", {0}), exec("d", {1, 2})}));
  BOOST_TEST(circuit.running_steps() == (Names{"a"}), boost::test_tools::per_element());
  circuit.end("a", succeeded());
  BOOST_TEST(circuit.running_steps() == (Names{"b", "c"}), boost::test_tools::per_element());
  circuit.end("c", succeeded());
  BOOST_TEST(circuit.running_steps() == (Names{"b"}), boost::test_tools::per_element());
  circuit.end("b", succeeded());
  BOOST_TEST(circuit.running_steps() == (Names{"d"}), boost::test_tools::per_element());
  circuit.end("d", succeeded());
  BOOST_CHECK(circuit.state().status == RunStatus::succeeded);
  BOOST_TEST(circuit.state().exit_code == 0);
}

BOOST_AUTO_TEST_CASE(steps_that_need_nothing_start_in_the_order_of_the_plan) {
  const LoneCircuit circuit(plan_of({exec("z"), noop("m"), exec("a")}));
  BOOST_TEST(circuit.running_steps() == (Names{"z", "m", "a"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(every_change_is_an_event) {
  LoneCircuit circuit(plan_of({exec("a"), when(exec("b", {0}), "false")}));
  circuit.end("a", succeeded());
  const Names expected{"run running", "a assigned", "a succeeded",
                       "a succeeded", "b skipped",  "run succeeded"};  // the task, then its step
  BOOST_TEST(circuit.events() == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(after_a_failure_only_what_needs_it_is_skipped) {
  LoneCircuit circuit(plan_of({exec("a"), exec("b", {0}), exec("c", {1}), exec("d")}));
  circuit.end("a", failed(3));
  BOOST_CHECK(circuit.status("b") == TaskStatus::skipped);
  BOOST_CHECK(circuit.status("c") == TaskStatus::skipped);
  BOOST_TEST(circuit.step("c").reason == "a step that it needs has failed");
  BOOST_CHECK(circuit.state().status == RunStatus::running);
  circuit.end("d", succeeded());
  BOOST_CHECK(circuit.state().status == RunStatus::failed);
  BOOST_TEST(circuit.state().exit_code == 1);
  BOOST_TEST(circuit.state().reason == "step 'a': exit code 3");
}

BOOST_AUTO_TEST_CASE(a_step_whose_when_is_false_is_skipped_and_counts_as_succeeded) {
  LoneCircuit circuit(plan_of({when(exec("a"), "1 > 2"), exec("b", {0})}));
  BOOST_CHECK(circuit.status("a") == TaskStatus::skipped);
  BOOST_TEST(circuit.step("a").reason == "when is false");
  circuit.end("b", succeeded());
  BOOST_CHECK(circuit.state().status == RunStatus::succeeded);
}

BOOST_AUTO_TEST_CASE(a_when_that_asks_about_failures_is_asked_after_one) {
  for (const std::string asks : {"failed()", "always()", "failed ( )", "!failed() || true"}) {
    LoneCircuit circuit(plan_of({exec("a"), when(exec("b", {0}), asks), exec("c", {0})}));
    circuit.end("a", failed());
    BOOST_CHECK(circuit.status("c") == TaskStatus::skipped);
    BOOST_TEST(circuit.running_steps() == (Names{"b"}), boost::test_tools::per_element());
    circuit.end("b", succeeded());
    BOOST_CHECK(circuit.state().status == RunStatus::failed);
  }
}

BOOST_AUTO_TEST_CASE(a_when_that_only_names_failed_in_a_text_is_not_asked_after_one) {
  LoneCircuit circuit(plan_of({exec("a"), when(exec("b", {0}), R"-("failed()" != "")-")}));
  circuit.end("a", failed());
  BOOST_TEST(circuit.step("b").reason == "a step that it needs has failed");
}

BOOST_AUTO_TEST_CASE(failed_is_false_when_nothing_failed_and_always_is_true) {
  LoneCircuit circuit(
      plan_of({exec("a"), when(exec("b", {0}), "failed()"), when(exec("c", {0}), "always()")}));
  circuit.end("a", succeeded());
  BOOST_TEST(circuit.step("b").reason == "when is false");
  BOOST_TEST(circuit.running_steps() == (Names{"c"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(failed_sees_a_failure_further_back_up_to_a_step_that_dealt_with_it) {
  LoneCircuit circuit(plan_of({exec("a"), exec("b", {0}), when(exec("c", {1}), "failed()"),
                               when(exec("d", {2}), "failed()"), exec("e", {2})}));
  circuit.end("a", failed());
  circuit.end("c", succeeded());
  BOOST_TEST(circuit.step("d").reason == "when is false");
  BOOST_TEST(circuit.running_steps() == (Names{"e"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_when_that_cannot_be_decided_fails_its_step) {
  LoneCircuit circuit(plan_of({exec("a"), when(exec("b", {0}), "steps.a.output > 1"),
                               when(exec("c", {0}), "steps.a.output")}));
  circuit.end("a", succeeded("text"));
  BOOST_CHECK(circuit.status("b") == TaskStatus::failed);
  BOOST_TEST(circuit.step("b").reason.starts_with("when: "));
  BOOST_TEST(circuit.step("c").reason == "when: must be true or false, is a string");
  BOOST_CHECK(circuit.state().status == RunStatus::failed);
}

BOOST_AUTO_TEST_CASE(an_attempt_gets_what_its_templates_say) {
  Step b = exec("b", {0});
  auto& work = std::get<ExecTemplate>(b.work);
  work.argv = {"count", "${{ steps.a.output }}", "x${{ vars.n + 1 }}"};
  work.env = {{"DIR", "${{ vars.dir }}/sub"}};
  work.cwd = "/${{ vars.n }}";
  work.stdin_text = "${{ join(vars.list, \"\\n\") }}";
  b.timeout = std::chrono::seconds{7};
  Plan plan = plan_of({exec("a"), b});
  plan.vars = {{"n", 41}, {"dir", "/srv"}, {"list", Value::List{"one", "two"}}};
  LoneCircuit circuit(plan);
  circuit.end("a", succeeded("out"));
  const auto& given = exec_of(circuit);
  BOOST_TEST(given.argv == (Names{"count", "out", "x42"}), boost::test_tools::per_element());
  BOOST_TEST(given.env.at("DIR") == "/srv/sub");
  BOOST_TEST(given.cwd == "/41");
  BOOST_TEST(given.stdin_text == "one\ntwo");
  BOOST_CHECK(circuit.running().at(0).timeout == std::chrono::seconds{7});
  BOOST_CHECK(circuit.running().at(0).worker == worker_address);
}

BOOST_AUTO_TEST_CASE(a_template_that_fails_fails_its_task_before_any_attempt) {
  Step b = exec("b", {0});
  std::get<ExecTemplate>(b.work).argv = {"x", "${{ steps.a.output + 1 }}"};
  LoneCircuit circuit(plan_of({exec("a"), b}));
  circuit.end("a", succeeded("text"));
  BOOST_CHECK(circuit.status("b") == TaskStatus::failed);
  BOOST_TEST(circuit.task("b").attempts.empty());
  BOOST_TEST(circuit.step("b").reason.starts_with("exec: "));
  BOOST_CHECK(circuit.state().status == RunStatus::failed);
}

BOOST_AUTO_TEST_CASE(without_a_worker_tasks_are_ready_until_one_is_offered) {
  LoneCircuit circuit;
  circuit.commit(begin_of(plan_of({exec("a"), exec("b"), exec("c", {0})})));
  BOOST_TEST(circuit.running().empty());
  BOOST_CHECK(circuit.task("a").status == TaskStatus::ready);
  BOOST_CHECK(circuit.state().status == RunStatus::running);
  circuit.applier.restore();
  circuit.offer_worker();
  BOOST_TEST(circuit.running_steps() == (Names{"a", "b"}), boost::test_tools::per_element());
  circuit.offer_worker();  // again: nothing is started twice
  BOOST_TEST(circuit.running().size() == 2U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace queenright::roles
