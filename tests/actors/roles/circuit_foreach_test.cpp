#include <boost/test/unit_test.hpp>

#include "tests/actors/roles/lone_circuit.hpp"

/// Fan-outs: one task an element, inside a window.
namespace queenright::roles {
namespace {
BOOST_AUTO_TEST_SUITE(circuit_foreach)

using messages::RunStatus;
using messages::Value;
using Names = std::vector<std::string>;

Plan fanning(std::uint32_t elements, std::uint32_t max_parallel) {
  Plan plan = plan_of({fan_out("each", "vars.list", max_parallel), exec("after", {0})});
  Value::List list;
  for (std::uint32_t i = 0; i < elements; ++i) list.emplace_back("item " + std::to_string(i));
  plan.vars["list"] = std::move(list);
  return plan;
}

BOOST_AUTO_TEST_CASE(tasks_are_made_inside_the_window) {
  LoneCircuit circuit(fanning(5, 2));
  BOOST_TEST(circuit.running_steps() == (Names{"each/0", "each/1"}),
             boost::test_tools::per_element());
  BOOST_TEST(circuit.state().tasks.size() == 2U);
  circuit.end(circuit.running()[1].attempt, succeeded());
  BOOST_TEST(circuit.running_steps() == (Names{"each/0", "each/2"}),
             boost::test_tools::per_element());
  for (std::size_t ended = 1; ended < 5; ++ended) {
    BOOST_TEST(circuit.running().size() == std::min<std::size_t>(2, 5 - ended));
    circuit.end(circuit.running()[0].attempt, succeeded());
  }
  BOOST_CHECK(circuit.status("each") == TaskStatus::succeeded);
  BOOST_TEST(circuit.running_steps() == (Names{"after"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(outputs_are_in_the_order_of_the_elements) {
  LoneCircuit circuit(fanning(3, 3));
  const auto attempts = circuit.running();
  circuit.end(attempts[2].attempt, succeeded("two"));
  circuit.end(attempts[0].attempt, succeeded("zero"));
  circuit.end(attempts[1].attempt, succeeded("one"));
  BOOST_CHECK((circuit.step("each").outputs == Value::List{"zero", "one", "two"}));
}

BOOST_AUTO_TEST_CASE(an_empty_list_is_done_at_once) {
  LoneCircuit circuit(fanning(0, 2));
  BOOST_CHECK(circuit.status("each") == TaskStatus::succeeded);
  BOOST_CHECK(circuit.step("each").outputs == Value(Value::List{}));
  circuit.end("after", succeeded());
  BOOST_CHECK(circuit.state().status == RunStatus::succeeded);
}

BOOST_AUTO_TEST_CASE(a_task_sees_its_item_and_its_index) {
  Plan plan = fanning(2, 2);
  std::get<ExecTemplate>(plan.steps[0].work).argv = {"${{ index }}: ${{ item }}"};
  const LoneCircuit circuit(plan);
  for (std::size_t i = 0; i < 2; ++i)
    BOOST_TEST(std::get<messages::Exec>(circuit.running()[i].work).argv.at(0) ==
               std::to_string(i) + ": item " + std::to_string(i));
}

BOOST_AUTO_TEST_CASE(after_a_failed_element_no_further_ones_are_made) {
  LoneCircuit circuit(fanning(9, 3));
  circuit.end(circuit.running()[1].attempt, failed(4));
  BOOST_TEST(circuit.running_steps() == (Names{"each/0", "each/2"}),
             boost::test_tools::per_element());
  circuit.end(circuit.running()[0].attempt, failed(5));
  BOOST_CHECK(circuit.status("each") == TaskStatus::assigned);
  circuit.end(circuit.running()[0].attempt, succeeded());
  BOOST_CHECK(circuit.status("each") == TaskStatus::failed);
  BOOST_TEST(circuit.step("each").reason == "element 1: exit code 4");
  BOOST_CHECK(circuit.status("after") == TaskStatus::skipped);
  BOOST_CHECK(circuit.state().status == RunStatus::failed);
}

BOOST_AUTO_TEST_CASE(an_element_that_waits_for_its_retry_keeps_its_place_in_the_window) {
  Plan plan = fanning(4, 2);
  plan.steps[0] = retried(plan.steps[0], 2);
  LoneCircuit circuit(plan);
  circuit.end(circuit.running()[0].attempt, failed());
  BOOST_TEST(circuit.running_steps() == (Names{"each/1"}), boost::test_tools::per_element());
  circuit.end(circuit.running()[0].attempt, succeeded());
  BOOST_TEST(circuit.running_steps() == (Names{"each/2"}), boost::test_tools::per_element());
  circuit.wait_for_deadline();
  BOOST_TEST(circuit.running_steps() == (Names{"each/2", "each/0"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_is_no_list_fails_the_step) {
  Plan plan = fanning(1, 1);
  plan.vars["list"] = "text";
  LoneCircuit circuit(plan);
  BOOST_TEST(circuit.step("each").reason == "foreach: must be a list, is a string");
  BOOST_CHECK(circuit.state().status == RunStatus::failed);

  Plan wrong = fanning(1, 1);
  wrong.steps[0].foreach = "${{ vars.list + 1 }}";
  BOOST_TEST(LoneCircuit(wrong).step("each").reason.starts_with("foreach: "));
}

BOOST_AUTO_TEST_CASE(a_hundred_thousand_elements_are_enough) {
  Plan plan = fanning(0, 1);
  plan.vars["list"] = Value::List(100'001);
  const LoneCircuit circuit(plan);
  BOOST_TEST(circuit.step("each").reason == "foreach: at most 100,000 elements, there are 100001");
  BOOST_TEST(circuit.state().tasks.empty());
}

BOOST_AUTO_TEST_CASE(unknown_elements_let_the_others_go_on_and_then_wait_for_a_person_together) {
  LoneCircuit circuit(fanning(4, 2));
  circuit.end(circuit.running()[0].attempt, lost());
  circuit.end(circuit.running()[0].attempt, lost());
  BOOST_TEST(circuit.running_steps() == (Names{"each/2", "each/3"}),
             boost::test_tools::per_element());
  circuit.end(circuit.running()[0].attempt, succeeded());
  circuit.end(circuit.running()[0].attempt, succeeded());
  BOOST_CHECK(circuit.state().status == RunStatus::awaiting_operator);
  circuit.events();

  circuit.resolve("each", messages::Resolution::skip);
  const Names expected{"run running", "each/0 skipped", "each/1 skipped", "each succeeded",
                       "after assigned"};
  BOOST_TEST(circuit.events() == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_a_person_has_tried_again_keeps_inside_the_window) {
  LoneCircuit circuit(fanning(4, 2));
  while (!circuit.running().empty()) circuit.end(circuit.running()[0].attempt, lost());
  circuit.resolve("each", messages::Resolution::retry);
  BOOST_TEST(circuit.running_steps() == (Names{"each/0", "each/1"}),
             boost::test_tools::per_element());
  circuit.applier.restore();
  circuit.end(circuit.running()[0].attempt, succeeded());
  circuit.end(circuit.running()[0].attempt, lost());
  BOOST_TEST(circuit.running_steps() == (Names{"each/2", "each/3"}),
             boost::test_tools::per_element());
  circuit.end(circuit.running()[0].attempt, succeeded());
  circuit.end(circuit.running()[0].attempt, succeeded());
  BOOST_CHECK(circuit.state().status == RunStatus::awaiting_operator);  // for the second alone
  circuit.resolve("each", messages::Resolution::retry);
  BOOST_TEST(circuit.running_steps() == (Names{"each/1"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_a_person_has_tried_again_may_be_cancelled_before_its_turn) {
  LoneCircuit circuit(fanning(4, 1));
  while (!circuit.running().empty()) circuit.end(circuit.running()[0].attempt, lost());
  circuit.resolve("each", messages::Resolution::retry);
  circuit.cancel("stop");
  circuit.end(circuit.running()[0].attempt, cancelled());
  BOOST_CHECK(circuit.state().status == RunStatus::cancelled);
  BOOST_CHECK(circuit.task("each", 0).status == TaskStatus::cancelled);
  for (std::uint32_t other = 1; other < 4; ++other)  // nobody knows what they did
    BOOST_CHECK(circuit.task("each", other).status == TaskStatus::unknown);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace queenright::roles
