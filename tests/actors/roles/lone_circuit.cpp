#include "tests/actors/roles/lone_circuit.hpp"

#include <algorithm>
#include <utility>

#include "actors/roles/circuit/circuit.hpp"
#include "messages/ensure.hpp"

namespace queenright::roles {

using messages::AppliedEntry;
using messages::AttemptId;
using messages::AttemptOutcome;
using messages::ensure;
using messages::StartAttempt;

LoneCircuit::LoneCircuit(const Plan& plan) : LoneCircuit() {
  offer_worker();
  const auto made = commit(begin_of(plan));
  ensure(made.refused.empty(), "the test's plan can be run");
}

AppliedEntry LoneCircuit::commit(messages::Command command) {
  auto made = applier.commit(std::move(command));
  for (auto& start : of_kind<StartAttempt>(made.effects)) running_.push_back(std::move(start));
  for (const auto& event : made.events) {
    std::string who = event.step.empty() ? "run" : event.step;
    if (event.element != 0) who += "/" + std::to_string(event.element - 1);
    events_.push_back(who + " " + event.state);
  }
  return made;
}

AppliedEntry LoneCircuit::offer_worker(const messages::Address& worker) {
  return commit(offer_of(worker));
}

AppliedEntry LoneCircuit::end(AttemptId attempt, AttemptOutcome outcome) {
  std::erase_if(running_, [&](const StartAttempt& start) { return start.attempt == attempt; });
  return commit(messages::AttemptEnded{attempt.task, attempt.attempt, std::move(outcome)});
}

AppliedEntry LoneCircuit::end(std::string_view step_id, AttemptOutcome outcome) {
  const auto found = std::find_if(running_.begin(), running_.end(), [&](const StartAttempt& start) {
    return step_of(start.attempt) == step_id;
  });
  ensure(found != running_.end(), "the test expects a running attempt of this step");
  return end(AttemptId(found->attempt), std::move(outcome));
}

AppliedEntry LoneCircuit::cancel(const std::string& reason) {
  return commit(messages::CancelRun{reason});
}

AppliedEntry LoneCircuit::resolve(const std::string& step_id, messages::Resolution resolution) {
  return commit(messages::ResolveStep{step_id, resolution});
}

AppliedEntry LoneCircuit::wait_for_deadline() {
  const auto deadline = applier.applied().deadline;
  ensure(deadline.has_value(), "the test expects a deadline");
  applier.wait(std::max(*deadline - applier.circuit_time(), messages::Duration{}));
  return commit(messages::TimePassed{});
}

const CircuitState& LoneCircuit::state() const {
  return dynamic_cast<const Circuit&>(applier.role()).state();
}

const StepRun& LoneCircuit::step(std::string_view id) const {
  const auto& steps = state().plan.steps;
  const auto found =
      std::find_if(steps.begin(), steps.end(), [&](const Step& step) { return step.id == id; });
  ensure(found != steps.end(), "the test names a step of its plan");
  return state().steps[static_cast<std::size_t>(found - steps.begin())];
}

const Task& LoneCircuit::task(std::string_view step_id, std::uint32_t element) const {
  const auto& tasks = state().tasks;
  const auto found = std::find_if(tasks.begin(), tasks.end(), [&](const Task& task) {
    return state().plan.steps[task.step].id == step_id && task.element == element;
  });
  ensure(found != tasks.end(), "the test names a task that was made");
  return *found;
}

std::vector<std::string> LoneCircuit::running_steps() const {
  std::vector<std::string> names;
  for (const auto& start : running_) {
    const auto& task = state().tasks[start.attempt.task.value - 1];
    const auto& planned = state().plan.steps[task.step];
    names.push_back(planned.foreach.empty() ? planned.id
                                            : planned.id + "/" + std::to_string(task.element));
  }
  return names;
}

const std::string& LoneCircuit::step_of(const AttemptId& attempt) const {
  return state().plan.steps[state().tasks.at(attempt.task.value - 1).step].id;
}

std::vector<std::string> LoneCircuit::events() { return std::exchange(events_, {}); }

}  // namespace queenright::roles
