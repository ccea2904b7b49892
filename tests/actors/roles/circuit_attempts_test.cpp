#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <set>

#include "messages/digest.hpp"
#include "tests/actors/roles/lone_circuit.hpp"

/// What becomes of attempts: tried again, given up, or waiting for a person.
namespace queenright::roles {
namespace {
BOOST_AUTO_TEST_SUITE(circuit_attempts)

using messages::AttemptEnd;
using messages::Duration;
using messages::Resolution;
using messages::RunChanged;
using messages::RunStatus;
using messages::Value;
using std::chrono::milliseconds;
using std::chrono::seconds;

std::vector<RunChanged> told_to_the_hive(const messages::AppliedEntry& made) {
  std::vector<RunChanged> changes;
  for (const auto& propose : of_kind<messages::Propose>(made.effects))
    changes.push_back(std::get<RunChanged>(propose.command));
  return changes;
}

/// How long a task waits after each failure, up to `failures`.
std::vector<Duration> waits(const Plan& plan, std::uint64_t seed, std::uint32_t failures) {
  LoneCircuit circuit(plan);
  std::vector<Duration> spans;
  for (std::uint32_t i = 0; i < failures; ++i) {
    circuit.applier.seed = seed + i;
    circuit.end("a", failed());
    spans.push_back(*circuit.applier.applied().deadline - circuit.applier.circuit_time());
    circuit.wait_for_deadline();
  }
  return spans;
}

BOOST_AUTO_TEST_CASE(a_failed_attempt_is_followed_by_another_until_there_were_enough) {
  LoneCircuit circuit(plan_of({retried(exec("a"), 3)}));
  for (std::uint32_t attempt = 1; attempt < 3; ++attempt) {
    circuit.end("a", failed());
    BOOST_CHECK(circuit.task("a").status == TaskStatus::waiting);
    BOOST_TEST(circuit.running().empty());
    circuit.wait_for_deadline();
    BOOST_TEST(circuit.running().at(0).attempt.attempt.value == attempt + 1);
  }
  circuit.end("a", failed(9));
  BOOST_CHECK(circuit.state().status == RunStatus::failed);
  BOOST_TEST(circuit.state().reason == "step 'a': exit code 9");
  BOOST_TEST(circuit.task("a").attempts.size() == 3U);
  BOOST_CHECK(!circuit.applier.applied().deadline.has_value());
}

BOOST_AUTO_TEST_CASE(a_retry_waits_anything_from_nothing_to_the_doubled_span_as_the_seed_says) {
  Plan plan = plan_of({retried(exec("a"), 9)});
  plan.steps[0].retry.backoff = milliseconds{100};
  plan.steps[0].retry.max = milliseconds{300};
  const std::vector<Duration> limits{milliseconds{100}, milliseconds{200}, milliseconds{300},
                                     milliseconds{300}};
  std::set<Duration> first_waits;
  Duration longest{};
  for (std::uint64_t seed = 1; seed < 400; ++seed) {
    const auto spans = waits(plan, seed * 7'919, 4);
    for (std::size_t i = 0; i < limits.size(); ++i) {
      BOOST_CHECK(spans[i] >= Duration{});
      BOOST_CHECK(spans[i] <= limits[i]);
    }
    first_waits.insert(spans[0]);
    longest = std::max(longest, spans[3]);
    if (seed < 5) BOOST_CHECK(waits(plan, seed * 7'919, 4) == spans);
  }
  BOOST_TEST(first_waits.size() > 390U);     // spread,
  BOOST_CHECK(longest > milliseconds{290});  // over the whole span
  BOOST_CHECK(*first_waits.begin() < milliseconds{10});
}

BOOST_AUTO_TEST_CASE(elements_of_one_fan_out_do_not_wait_in_step) {
  Plan plan = plan_of({retried(fan_out("each", "vars.list", 16), 2)});
  plan.vars["list"] = Value::List(16);
  LoneCircuit circuit(plan);
  while (!circuit.running().empty()) circuit.end(circuit.running()[0].attempt, failed());
  std::set<Duration> moments;
  for (const auto& task : circuit.state().tasks) moments.insert(task.go_on_at);
  BOOST_TEST(moments.size() == 16U);
}

BOOST_AUTO_TEST_CASE(time_that_passes_too_early_starts_nothing) {
  LoneCircuit circuit(plan_of({retried(exec("a"), 2)}));
  circuit.end("a", failed());
  circuit.commit(messages::TimePassed{});
  BOOST_TEST(circuit.running().empty());
  BOOST_CHECK(circuit.applier.applied().deadline.has_value());
}

BOOST_AUTO_TEST_CASE(a_final_time_out_ends_the_run_with_exit_code_7) {
  for (const bool another_failed : {false, true}) {
    LoneCircuit circuit(plan_of({exec("a"), exec("b"), exec("c", {1})}));
    circuit.end("a", another_failed ? failed() : succeeded());
    circuit.end("b", timed_out());
    BOOST_CHECK(circuit.status("b") == TaskStatus::timed_out);
    BOOST_CHECK(circuit.state().status == RunStatus::failed);
    BOOST_TEST(circuit.state().exit_code == 7);
    BOOST_TEST(circuit.state().reason == "step 'b': timed out");
  }
}

BOOST_AUTO_TEST_CASE(a_time_out_is_a_known_failure_and_is_retried) {
  LoneCircuit circuit(plan_of({retried(exec("a"), 2)}));
  circuit.end("a", timed_out());
  circuit.wait_for_deadline();
  circuit.end("a", succeeded());
  BOOST_TEST(circuit.state().exit_code == 0);
}

BOOST_AUTO_TEST_CASE(failures_say_what_happened) {
  const std::vector<std::pair<AttemptEnd, std::string>> ends{
      {AttemptEnd::signalled, "ended by signal 11"},
      {AttemptEnd::not_started, "no such program"},
      {AttemptEnd::exited, "no such program"},  // with exit code 0: its JSON was refused
      {AttemptEnd::cancelled, "cancelled"}};
  for (const auto& [end, reason] : ends) {
    auto outcome = succeeded("half");
    outcome.end = end;
    outcome.signal = end == AttemptEnd::signalled ? 11 : 0;
    outcome.reason = "no such program";
    LoneCircuit circuit(plan_of({exec("a")}));
    circuit.end("a", outcome);
    BOOST_CHECK(circuit.state().status == RunStatus::failed);
    BOOST_TEST(circuit.step("a").reason == reason);
    BOOST_CHECK(circuit.step("a").outputs == Value(Value::List{Value()}));
  }
}

BOOST_AUTO_TEST_CASE(an_idempotent_step_of_unknown_fate_is_tried_again_and_that_is_no_failure) {
  LoneCircuit circuit(plan_of({idempotent(exec("a"))}));
  for (std::uint32_t attempt = 2; attempt < 6; ++attempt) {
    circuit.end("a", lost());
    BOOST_TEST(circuit.running().at(0).attempt.attempt.value == attempt);
  }
  BOOST_TEST(circuit.task("a").known_failures == 0U);
  circuit.end("a", succeeded());
  BOOST_CHECK(circuit.state().status == RunStatus::succeeded);
}

BOOST_AUTO_TEST_CASE(a_step_of_unknown_fate_waits_for_a_person_when_nothing_else_can_proceed) {
  LoneCircuit circuit(plan_of({retried(exec("a"), 5), exec("b"), exec("c", {0})}));
  BOOST_TEST(told_to_the_hive(circuit.end("a", lost())).empty());
  BOOST_CHECK(circuit.status("a") == TaskStatus::unknown);
  BOOST_CHECK(circuit.state().status == RunStatus::running);
  BOOST_CHECK(circuit.status("c") == TaskStatus::waiting);

  const auto changes = told_to_the_hive(circuit.end("b", succeeded()));
  BOOST_CHECK(circuit.state().status == RunStatus::awaiting_operator);
  BOOST_TEST(changes.size() == 1U);
  BOOST_CHECK(changes.at(0).status == RunStatus::awaiting_operator);
  BOOST_TEST(changes.at(0).exit_code == 8);
  BOOST_TEST(changes.at(0).reason == "the fate of step 'a' is unknown");
  BOOST_TEST(!circuit.applier.applied().finished);
}

BOOST_AUTO_TEST_CASE(a_person_has_it_tried_again) {
  LoneCircuit circuit(plan_of({exec("a"), exec("b", {0})}));
  circuit.end("a", lost());
  const auto changes = told_to_the_hive(circuit.resolve("a", Resolution::retry));
  BOOST_TEST(changes.size() == 1U);
  BOOST_CHECK(changes.at(0).status == RunStatus::running);
  BOOST_TEST(circuit.running().at(0).attempt.attempt.value == 2U);
  circuit.end("a", succeeded());
  circuit.end("b", succeeded());
  BOOST_CHECK(circuit.state().status == RunStatus::succeeded);
  BOOST_TEST(circuit.state().steps.at(0).reason == "");
}

BOOST_AUTO_TEST_CASE(a_person_has_it_skipped_and_what_needs_it_runs) {
  LoneCircuit circuit(plan_of({exec("a"), exec("b", {0})}));
  circuit.end("a", lost());
  circuit.resolve("a", Resolution::skip);
  BOOST_CHECK(circuit.task("a").status == TaskStatus::skipped);
  BOOST_TEST(circuit.task("a").reason == "skipped by the operator");
  circuit.end("b", succeeded());
  BOOST_CHECK(circuit.state().status == RunStatus::succeeded);
}

BOOST_AUTO_TEST_CASE(a_person_decides_one_step_at_a_time) {
  LoneCircuit circuit(plan_of({exec("a"), exec("b")}));
  circuit.end("a", lost());
  circuit.end("b", lost());
  circuit.resolve("a", Resolution::retry);
  const auto changes = told_to_the_hive(circuit.end("a", succeeded()));
  BOOST_TEST(changes.at(0).reason == "the fate of step 'b' is unknown");
  circuit.resolve("b", Resolution::skip);
  BOOST_CHECK(circuit.state().status == RunStatus::succeeded);
}

BOOST_AUTO_TEST_CASE(of_what_a_failure_wrote_the_end_stays) {
  LoneCircuit circuit(plan_of({exec("a")}));
  auto outcome = failed();
  outcome.output = std::string(5000, 'x') + "the table is missing";
  circuit.end("a", outcome);
  const auto& kept = circuit.task("a").attempts.at(0).outcome.output;
  BOOST_REQUIRE(kept.text() != nullptr);
  BOOST_TEST(kept.text()->size() == 1024U);
  BOOST_TEST(kept.text()->ends_with("the table is missing"));
}

BOOST_AUTO_TEST_CASE(a_decision_about_a_step_that_waits_for_nobody_is_refused) {
  LoneCircuit circuit(plan_of({exec("a")}));
  BOOST_TEST(circuit.resolve("z", Resolution::skip).refused == "there is no step 'z'");
  BOOST_TEST(circuit.resolve("a", Resolution::skip).refused ==
             "step 'a' waits for no decision: it is assigned");
  BOOST_TEST(circuit.running().size() == 1U);
}

BOOST_AUTO_TEST_CASE(an_attempt_that_is_not_wanted_changes_nothing) {
  LoneCircuit circuit(plan_of({retried(exec("a"), 2), exec("b")}));
  const messages::AttemptId first = circuit.running()[0].attempt;
  circuit.end(first, failed());
  const auto refused = [&](const messages::AttemptId& attempt) {
    const auto before = circuit.state();
    const auto made = circuit.end(attempt, succeeded());
    return made.refused == "no such attempt is wanted" && made.effects.empty() &&
           made.events.empty() &&
           messages::digest_of(before) == messages::digest_of(circuit.state());
  };
  BOOST_TEST(refused(first));  // said again
  circuit.wait_for_deadline();
  BOOST_TEST(refused(first));                      // the second runs
  BOOST_TEST(refused({first.circuit, {1}, {3}}));  // never started
  BOOST_TEST(refused({first.circuit, {0}, {1}}));  // no such tasks
  BOOST_TEST(refused({first.circuit, {3}, {1}}));
  BOOST_TEST(refused({first.circuit, {4'000'000'000}, {1}}));
  circuit.end({first.circuit, {1}, {2}}, succeeded());
  BOOST_TEST(refused({first.circuit, {1}, {2}}));  // it has ended
}

BOOST_AUTO_TEST_CASE(an_output_keeps_its_kind) {
  LoneCircuit circuit(plan_of({json("a"), exec("b", {0})}));
  auto& state = circuit.state();
  circuit.end("a", succeeded(Value::Map{{"n", 1}}));
  BOOST_CHECK((state.steps[0].outputs == Value::List{Value::Map{{"n", 1}}}));
}

/// Two steps whose outputs together are more than a run keeps.
LoneCircuit with_too_much_output(Step second) {
  LoneCircuit circuit(plan_of({exec("a"), std::move(second)}));
  circuit.end("a", succeeded(std::string(16U << 20U, 'x')));
  circuit.end("b", succeeded("y"));
  return circuit;
}

BOOST_AUTO_TEST_CASE(of_text_beyond_what_a_run_keeps_nothing_is_kept_and_that_is_said) {
  const LoneCircuit circuit = with_too_much_output(exec("b"));
  BOOST_CHECK(circuit.state().status == RunStatus::succeeded);
  BOOST_CHECK(circuit.step("b").outputs == Value(Value::List{""}));
  BOOST_TEST(circuit.task("b").attempts[0].outcome.output_cut);
  BOOST_TEST(!circuit.task("a").attempts[0].outcome.output_cut);
}

BOOST_AUTO_TEST_CASE(json_beyond_what_a_run_keeps_fails_its_step) {
  const LoneCircuit circuit = with_too_much_output(json("b"));
  BOOST_CHECK(circuit.state().status == RunStatus::failed);
  BOOST_TEST(circuit.step("b").reason == "its JSON was cut: a run keeps at most 16 MiB of output");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace queenright::roles
