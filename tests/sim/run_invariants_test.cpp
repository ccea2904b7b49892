#include "sim/invariants/run_invariants.hpp"

#include <boost/test/unit_test.hpp>

#include "messages/writer.hpp"

namespace queenright::sim {
namespace {
BOOST_AUTO_TEST_SUITE(run_invariants)

using roles::CircuitState;
using roles::TaskStatus;

constexpr messages::CircuitId run{1};

/// A run of three steps, of which `b` needs `a`, at its beginning.
CircuitState begun() {
  CircuitState state;
  state.circuit = run;
  state.status = messages::RunStatus::running;
  for (const char* id : {"a", "b", "c"}) {
    roles::Step step;
    step.id = id;
    step.max_parallel = 1;
    step.retry.attempts = 1;
    step.rollback = roles::ExecTemplate{{"undo"}, {}, {}, {}, {}};
    state.plan.steps.push_back(std::move(step));
  }
  state.plan.steps[1].needs = {0};
  state.steps.resize(3);
  return state;
}

roles::Task task_of(std::uint32_t step, TaskStatus status, std::uint32_t element = 0) {
  roles::Task task;
  task.step = step;
  task.element = element;
  task.status = status;
  return task;
}

roles::Task undoing(std::uint32_t step) {
  auto task = task_of(step, TaskStatus::succeeded);
  task.rolls_back = true;
  return task;
}

/// What the invariants say of a circuit that is so.
std::string wrong_with(const CircuitState& state,
                       const std::vector<messages::Effect>& effects = {}) {
  roles::Circuit circuit(run);
  BOOST_REQUIRE(circuit.resume({{}, {messages::encode(state), {}}}).value());
  RunInvariants invariants;
  const messages::Input input;
  const std::string none;
  invariants.turned({{}, {1}, messages::circuit_role(run), {}, {}, &circuit, input, effects, none});
  return invariants.violations().empty() ? "" : invariants.violations().front().what;
}

BOOST_AUTO_TEST_CASE(a_step_that_begins_before_what_it_needs_is_missed) {
  auto state = begun();
  state.tasks.push_back(task_of(1, TaskStatus::assigned));
  BOOST_TEST(wrong_with(state) == "circuit 1: step 'b' has begun before 'a' was over");
  state.steps[0].status = TaskStatus::succeeded;
  BOOST_TEST(wrong_with(state) == "");
}

BOOST_AUTO_TEST_CASE(a_step_that_was_not_selected_or_not_agreed_to_is_missed_when_it_begins) {
  auto state = begun();
  state.tasks = {task_of(0, TaskStatus::assigned)};
  state.plan.steps[0].left_out = true;
  BOOST_TEST(wrong_with(state) == "circuit 1: step 'a' was not selected");
  state.plan.steps[0].left_out = false;
  state.plan.steps[0].approval = roles::Approval{};
  BOOST_TEST(wrong_with(state) == "circuit 1: step 'a' has begun, and nobody has agreed");
  state.steps[0].approval = roles::ApprovalRun{};
  state.steps[0].approval->status = roles::ApprovalStatus::approved;
  BOOST_TEST(wrong_with(state) == "");
}

/// What a circuit tells its queen when it wants this attempt.
std::vector<messages::Effect> starting(messages::TaskId task,
                                       std::vector<messages::Artifact> inputs) {
  messages::Exec exec;
  exec.inputs = std::move(inputs);
  messages::StartAttempt start;
  start.attempt = {run, task, {1}};
  start.work = std::move(exec);
  messages::Applied applied;
  applied.entries.push_back({{1}, {}, {}, {std::move(start)}, {}});
  messages::Effects effects;
  effects.send({{1}, messages::queen_role()}, std::move(applied));
  return effects.take();
}

BOOST_AUTO_TEST_CASE(an_attempt_that_does_not_find_its_files_is_missed) {
  auto state = begun();
  const messages::Artifact made{"made", "sha256:1", 1, false};
  state.steps[0].status = TaskStatus::failed;  // and "c" has stood in for it
  state.plan.steps[0].fallback = 2;
  state.steps[2].status = TaskStatus::succeeded;
  state.steps[2].artifacts = {made};
  state.tasks = {task_of(1, TaskStatus::assigned)};
  BOOST_TEST(wrong_with(state, starting({1}, {made})) == "");
  BOOST_TEST(wrong_with(state, starting({1}, {})) ==
             "circuit 1: step 'b' does not find what its needs have made");
}

BOOST_AUTO_TEST_CASE(more_tasks_than_the_window_has_are_missed) {
  auto state = begun();
  state.tasks = {task_of(0, TaskStatus::assigned), task_of(0, TaskStatus::ready, 1)};
  BOOST_TEST(wrong_with(state) == "circuit 1: step 'a' has more tasks at once than it may");
  state.tasks[0].status = TaskStatus::succeeded;
  BOOST_TEST(wrong_with(state) == "");
}

BOOST_AUTO_TEST_CASE(more_attempts_than_the_budget_are_missed) {
  auto state = begun();
  state.plan.budget.attempts = 1;
  state.tasks = {task_of(0, TaskStatus::assigned)};
  state.tasks[0].attempts.resize(2);
  BOOST_TEST(wrong_with(state) == "circuit 1: it has made more attempts than its budget allows");
  state.tasks[0].attempts.resize(1);
  BOOST_TEST(wrong_with(state) == "");
}

/// A run that has failed, after `a` and then `c` had succeeded.
CircuitState failed() {
  auto state = begun();
  state.status = messages::RunStatus::failed;
  state.tasks = {task_of(0, TaskStatus::succeeded), task_of(2, TaskStatus::succeeded)};
  state.tasks[0].done_as = 1;
  state.tasks[1].done_as = 2;
  return state;
}

BOOST_AUTO_TEST_CASE(what_is_not_undone_or_in_another_order_is_missed) {
  auto state = failed();
  state.tasks.push_back(undoing(2));
  BOOST_TEST(wrong_with(state) == "circuit 1: something was not undone");
  state.tasks.push_back(undoing(0));
  BOOST_TEST(wrong_with(state) == "");
  std::swap(state.tasks[2], state.tasks[3]);
  BOOST_TEST(wrong_with(state) == "circuit 1: something was undone that was not its turn");
}

BOOST_AUTO_TEST_CASE(what_a_run_that_succeeded_has_undone_is_missed) {
  auto state = failed();
  state.status = messages::RunStatus::succeeded;
  BOOST_TEST(wrong_with(state) == "");
  state.tasks.push_back(undoing(2));
  BOOST_TEST(wrong_with(state) == "circuit 1: something was undone that was not its turn");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace queenright::sim
