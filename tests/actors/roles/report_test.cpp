#include "actors/roles/report.hpp"

#include <boost/test/unit_test.hpp>

#include "messages/reader.hpp"
#include "tests/actors/roles/lone_circuit.hpp"

namespace queenright::roles {
namespace {
BOOST_AUTO_TEST_SUITE(report)

using messages::Value;

const Value& at(const Value& report, const std::string& key) { return report.map()->at(key); }
const Value& step_at(const Value& report, std::size_t place) {
  return at(report, "steps").list()->at(place);
}
const Value& task_at(const Value& report, std::size_t step, std::size_t task) {
  return at(step_at(report, step), "tasks").list()->at(task);
}
const Value& attempt_at(const Value& report, std::size_t step, std::size_t attempt) {
  return at(task_at(report, step, 0), "attempts").list()->at(attempt);
}

/// A run with a retry, a fan-out, a failure and what was skipped after it.
LoneCircuit eventful() {
  Plan plan =
      plan_of({retried(exec("a"), 2), fan_out("each", "vars.list", 2, {0}), exec("b", {1})});
  plan.vars["list"] = Value::List{"x", "y"};
  LoneCircuit circuit(plan);
  auto bad = failed(3);
  bad.processor_time = std::chrono::milliseconds{20};
  bad.peak_memory = 4'096;
  circuit.end("a", bad);
  circuit.wait_for_deadline();
  auto good = succeeded(Value::Map{{"n", 1}});
  good.processor_time = std::chrono::milliseconds{22};
  good.peak_memory = 1'024;
  good.output_size = 7;
  good.output_digest = "sha256:abc";
  circuit.end("a", good);
  circuit.end("each", succeeded("x done"));
  circuit.end("each", failed(4));
  return circuit;
}

BOOST_AUTO_TEST_CASE(a_report_says_what_became_of_the_run_its_steps_and_their_attempts) {
  const auto report = report_of(eventful().state());
  BOOST_CHECK(at(report, "run") == Value("tried-1"));
  BOOST_CHECK(at(report, "plan_hash") == Value("sha256:plan"));
  BOOST_CHECK(at(report, "status") == Value("failed"));
  BOOST_CHECK(at(report, "exit_code") == Value(1));
  BOOST_CHECK(at(report, "reason") == Value("step 'each': element 1: exit code 4"));
  BOOST_CHECK(at(at(report, "journal"), "role") == Value("circuit/1"));
  BOOST_CHECK(at(at(report, "journal"), "last_entry") == Value(7));
  BOOST_CHECK(at(at(report, "correlation"), "key") == Value("a key"));

  BOOST_CHECK(at(step_at(report, 0), "id") == Value("a"));
  BOOST_CHECK(at(step_at(report, 0), "status") == Value("succeeded"));
  BOOST_CHECK(at(step_at(report, 1), "fans_out") == Value(true));
  BOOST_CHECK(at(step_at(report, 2), "status") == Value("skipped"));
  BOOST_TEST(at(step_at(report, 2), "tasks").list()->empty());
  BOOST_CHECK((at(task_at(report, 0, 0), "output") == Value::Map{{"n", 1}}));
  BOOST_CHECK(at(task_at(report, 1, 0), "output") == Value("x done"));
  BOOST_TEST(!task_at(report, 1, 1).map()->contains("output"));

  BOOST_CHECK(at(attempt_at(report, 0, 0), "exit_code") == Value(3));
  BOOST_CHECK(at(attempt_at(report, 0, 0), "diagnostics") == Value("it said why"));
  BOOST_CHECK(at(attempt_at(report, 0, 1), "worker") == Value("worker@1"));
  BOOST_CHECK(at(attempt_at(report, 0, 1), "output_digest") == Value("sha256:abc"));
  BOOST_CHECK(at(attempt_at(report, 0, 1), "milliseconds") == Value(1'000));
}

BOOST_AUTO_TEST_CASE(a_report_names_the_roots_that_led_the_run_each_with_its_epoch) {
  LoneCircuit circuit(plan_of({exec("a")}));
  circuit.applier.lead({3}, {2});
  circuit.end("a", succeeded());
  const auto report = report_of(circuit.state());
  const auto& leaders = *at(report, "leaders").list();
  BOOST_REQUIRE(leaders.size() == 2U);
  BOOST_CHECK((leaders[0] == Value::Map{{"epoch", 1}, {"root", "queen@1"}, {"since_entry", 1}}));
  BOOST_CHECK((leaders[1] == Value::Map{{"epoch", 3}, {"root", "queen@2"}, {"since_entry", 3}}));
}

BOOST_AUTO_TEST_CASE(how_long_it_took_is_no_matter_of_clocks_on_the_wall) {
  LoneCircuit circuit(plan_of({exec("a")}));
  circuit.applier.wait(std::chrono::milliseconds{1500});
  circuit.applier.lead({2}, {2});
  circuit.applier.jump_wall(-3'600'000);  // hers is an hour behind
  auto outcome = succeeded();
  outcome.ended = {500};  // before it started: somebody has set the worker's
  outcome.took = std::chrono::milliseconds{1400};
  circuit.end("a", outcome);
  const auto report = report_of(circuit.state());
  BOOST_CHECK(at(report, "milliseconds") == Value(1500));
  BOOST_CHECK(at(step_at(report, 0), "milliseconds") == Value(1500));
  BOOST_CHECK(at(attempt_at(report, 0, 0), "milliseconds") == Value(1400));
}

BOOST_AUTO_TEST_CASE(what_comes_after_the_end_does_not_change_a_report) {
  LoneCircuit circuit(plan_of({exec("a")}));
  circuit.end("a", succeeded());
  const auto ended = messages::to_json(report_of(circuit.state()));
  BOOST_TEST(!circuit.cancel("late").refused.empty());
  BOOST_TEST(messages::to_json(report_of(circuit.state())) == ended);
}

BOOST_AUTO_TEST_CASE(a_report_adds_up_what_all_attempts_used) {
  const auto report = report_of(eventful().state());
  const auto& used = at(report, "resources");
  BOOST_CHECK(at(used, "processor_milliseconds") == Value(42));
  BOOST_CHECK(at(used, "peak_memory_bytes") == Value(4'096));
  BOOST_CHECK(at(used, "attempts") == Value(4));
  BOOST_CHECK(at(used, "retries") == Value(1));
}

BOOST_AUTO_TEST_CASE(a_report_from_the_snapshot_has_the_same_bytes) {
  LoneCircuit circuit = eventful();
  const auto live = messages::to_json(report_of(circuit.state()));
  circuit.applier.restore();
  BOOST_TEST(messages::to_json(report_of(circuit.state())) == live);
}

BOOST_AUTO_TEST_CASE(a_run_under_way_has_a_report_too) {
  const LoneCircuit circuit(plan_of({exec("a")}));
  const auto report = report_of(circuit.state());
  BOOST_CHECK(at(report, "status") == Value("running"));
  BOOST_TEST(at(report, "ended").is_null());
  BOOST_CHECK(at(attempt_at(report, 0, 0), "status") == Value("running"));
  BOOST_CHECK(at(report_of(LoneCircuit().state()), "status") == Value("queued"));
}

BOOST_AUTO_TEST_CASE(a_quarantined_run_is_reported_as_failed_with_the_reason) {
  const auto report = report_of_quarantined({7}, "broken");
  BOOST_CHECK(at(report, "run") == Value("circuit/7"));
  BOOST_CHECK(at(report, "status") == Value("failed"));
  BOOST_CHECK(at(report, "reason") == Value("quarantined: broken"));
}

BOOST_AUTO_TEST_CASE(times_are_written_as_iso_8601) {
  BOOST_TEST(iso_time({0}) == "1970-01-01T00:00:00.000Z");
  BOOST_TEST(iso_time({1'795'254'480'123}) == "2026-11-21T09:48:00.123Z");
  BOOST_TEST(iso_time({951'782'399'999}) == "2000-02-28T23:59:59.999Z");
  BOOST_TEST(iso_time({951'782'400'000}) == "2000-02-29T00:00:00.000Z");
  BOOST_TEST(iso_time({-1}) == "1969-12-31T23:59:59.999Z");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace queenright::roles
