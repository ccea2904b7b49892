#include <boost/test/unit_test.hpp>

#include "tests/actors/roles/lone_circuit.hpp"

/// A run's time goes on also while nobody runs it; who gets its work is decided by circuit time
/// alone.
namespace queenright::roles {
namespace {
BOOST_AUTO_TEST_SUITE(circuit_time)

using messages::RunStatus;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

/// The only node was down for an hour, by its clock on the wall, and leads again.
void come_back(LoneCircuit& circuit, messages::NodeId root = {1}) {
  circuit.applier.jump_wall(milliseconds{hours{1}}.count());
  circuit.applier.lead({2}, root);
  circuit.offer_worker(other_worker);
}

Plan asking(messages::Duration expires) {
  auto step = noop("ask");
  step.approval = Approval{};
  step.approval->expires = expires;
  return plan_of({step});
}

BOOST_AUTO_TEST_CASE(an_approval_expires_while_nobody_runs_the_hive) {
  LoneCircuit circuit(asking(seconds{10}));
  come_back(circuit);
  BOOST_CHECK(circuit.state().status == RunStatus::failed);
  BOOST_TEST(circuit.step("ask").reason == "nobody has approved it in time");
}

BOOST_AUTO_TEST_CASE(what_is_left_of_it_is_counted_from_there) {
  LoneCircuit circuit(asking(hours{1} + seconds{10}));
  come_back(circuit);
  BOOST_CHECK(circuit.state().status == RunStatus::awaiting_operator);
  BOOST_REQUIRE(circuit.applier.applied().deadline.has_value());
  BOOST_CHECK(*circuit.applier.applied().deadline == circuit.applier.circuit_time() + seconds{10});
}

BOOST_AUTO_TEST_CASE(a_wait_is_over_and_a_budget_used_up_by_then) {
  LoneCircuit waiting(plan_of({wait("pause", seconds{10}), exec("then", {0})}));
  come_back(waiting);
  BOOST_TEST(waiting.running().size() == 1U);

  auto plan = plan_of({exec("a")});
  plan.budget.wall = hours{1};
  LoneCircuit budgeted(plan);
  come_back(budgeted);
  BOOST_TEST(budgeted.state().ending.has_value());
}

BOOST_AUTO_TEST_CASE(the_clocks_of_two_nodes_are_not_compared) {
  LoneCircuit circuit(asking(seconds{10}));
  come_back(circuit, {2});
  BOOST_CHECK(circuit.state().status == RunStatus::awaiting_operator);
}

BOOST_AUTO_TEST_CASE(a_lost_worker_is_given_up_by_circuit_time_alone) {
  LoneCircuit circuit(plan_of({exec("a")}));
  auto lost = offer_of(worker_address);
  lost.standing = messages::WorkerStanding::lost;
  lost.since = {7};
  circuit.commit(lost);
  come_back(circuit);
  BOOST_CHECK(circuit.task("a").status == TaskStatus::assigned);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace queenright::roles
