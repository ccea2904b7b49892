#include <boost/test/unit_test.hpp>
#include <ctime>

#include "actors/roles/report.hpp"
#include "tests/actors/roles/lone_circuit.hpp"

/// Plans as large as PLAN allows: no recursion, and no time that grows with the square.
namespace queenright::roles {
namespace {
BOOST_AUTO_TEST_SUITE(circuit_scale)

using messages::RunStatus;
using messages::Value;

constexpr std::uint32_t most_steps = 10'000;
constexpr std::uint32_t most_elements = 100'000;

Plan chain(std::uint32_t length) {
  std::vector<Step> steps{exec("s0")};
  for (std::uint32_t i = 1; i < length; ++i)
    steps.push_back(exec("s" + std::to_string(i), {i - 1}));
  return plan_of(std::move(steps));
}

Plan fanning(std::uint32_t elements) {
  Plan plan = plan_of({fan_out("each", "vars.list", 16)});
  plan.vars["list"] = Value::List(elements);
  return plan;
}

/// The processor time that `plan` takes from its beginning to its report.
double seconds_of(const Plan& plan) {
  const std::clock_t begin = std::clock();
  LoneCircuit circuit;
  circuit.applier.remembers = false;
  circuit.offer_worker();
  circuit.commit(begin_of(plan));
  while (!circuit.running().empty()) circuit.end(circuit.running()[0].attempt, succeeded("x"));
  BOOST_CHECK(circuit.state().status == RunStatus::succeeded);
  BOOST_TEST(messages::to_json(report_of(circuit.state())).size() > circuit.state().tasks.size());
  circuit.applier.restore();
  return static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
}

BOOST_AUTO_TEST_CASE(a_failure_skips_a_chain_of_ten_thousand_steps_in_one_command) {
  LoneCircuit circuit(chain(most_steps));
  circuit.end("s0", failed());
  BOOST_CHECK(circuit.state().status == RunStatus::failed);
  BOOST_CHECK(circuit.state().steps.back().status == TaskStatus::skipped);
}

BOOST_AUTO_TEST_CASE(a_chain_of_ten_thousand_steps_is_cancelled_in_one_command) {
  LoneCircuit circuit;
  circuit.commit(begin_of(chain(most_steps)));
  circuit.cancel("stop");
  BOOST_CHECK(circuit.state().status == RunStatus::cancelled);
}

// Ten times as much may take some forty times as long; with the square it would be a hundred.
BOOST_AUTO_TEST_CASE(a_chain_takes_time_in_proportion_to_its_length) {
  BOOST_TEST(seconds_of(chain(most_steps)) < 40 * seconds_of(chain(most_steps / 10)) + 1);
}

BOOST_AUTO_TEST_CASE(a_fan_out_takes_time_in_proportion_to_its_elements) {
  BOOST_TEST(seconds_of(fanning(most_elements)) < 40 * seconds_of(fanning(most_elements / 10)) + 1);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace queenright::roles
