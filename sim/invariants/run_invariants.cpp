#include "sim/invariants/run_invariants.hpp"

#include <algorithm>
#include <utility>

namespace queenright::sim {

using roles::CircuitState;
using roles::Task;
using roles::TaskStatus;

void RunInvariants::turned(const Turned& turn) {
  const auto* circuit = dynamic_cast<const roles::Circuit*>(turn.after);
  if (circuit == nullptr || !circuit->quarantined().empty()) return;
  const auto& state = circuit->state();
  if (told_.contains(state.circuit)) return;
  in_order(turn, state);
  with_files(turn, state);
  within_window(turn, state);
  within_budget(turn, state);
  undone(turn, state);
}

void RunInvariants::wrong(const Turned& turn, const CircuitState& state, std::string what) {
  if (told_.insert(state.circuit).second)
    violate(turn.at, "runs", text_of(state.circuit) + ": " + std::move(what), state.circuit,
            {turn.node});
}

void RunInvariants::in_order(const Turned& turn, const CircuitState& state) {
  for (const auto& task : state.tasks) {
    if (task.rolls_back) continue;
    const auto& planned = state.plan.steps.at(task.step);
    const auto& approval = state.steps.at(task.step).approval;
    if (planned.left_out) wrong(turn, state, "step '" + planned.id + "' was not selected");
    if (planned.approval && (!approval || approval->status != roles::ApprovalStatus::approved))
      wrong(turn, state, "step '" + planned.id + "' has begun, and nobody has agreed");
    for (const auto need : planned.needs)
      if (!roles::is_final(state.steps.at(roles::stand_in_of(state, need)).status))
        wrong(turn, state,
              "step '" + planned.id + "' has begun before '" + state.plan.steps[need].id +
                  "' was over");
  }
}

void RunInvariants::with_files(const Turned& turn, const CircuitState& state) {
  const auto look_at = [&](const messages::StartAttempt& start) {
    const auto* exec = std::get_if<messages::Exec>(&start.work);
    const auto& task = state.tasks.at(start.attempt.task.value - 1);
    if (exec == nullptr || task.rolls_back) return;
    std::set<messages::Artifact> expected;
    for (const auto need : state.plan.steps.at(task.step).needs) {
      const auto& made = state.steps.at(roles::stand_in_of(state, need)).artifacts;
      expected.insert(made.begin(), made.end());
    }
    if (std::set(exec->inputs.begin(), exec->inputs.end()) != expected)
      wrong(turn, state,
            "step '" + state.plan.steps[task.step].id + "' does not find what its needs have made");
  };
  each_item_sent(turn.effects, [&](const messages::Address&, const messages::Item& item) {
    const auto* applied = std::get_if<messages::Applied>(&item);
    if (applied == nullptr) return;
    for (const auto& entry : applied->entries)
      for (const auto& effect : entry.effects)
        if (const auto* start = std::get_if<messages::StartAttempt>(&effect)) look_at(*start);
  });
}

void RunInvariants::within_window(const Turned& turn, const CircuitState& state) {
  std::vector<std::uint32_t> active(state.steps.size());
  for (const auto& task : state.tasks)
    if (!task.rolls_back && !roles::is_final(task.status) && task.status != TaskStatus::unknown)
      ++active[task.step];
  for (std::size_t step = 0; step < active.size(); ++step)
    if (active[step] > state.plan.steps[step].max_parallel)
      wrong(turn, state,
            "step '" + state.plan.steps[step].id + "' has more tasks at once than it may");
}

void RunInvariants::within_budget(const Turned& turn, const CircuitState& state) {
  std::uint64_t attempts = 0;
  for (const auto& task : state.tasks) attempts += task.rolls_back ? 0 : task.attempts.size();
  if (state.plan.budget.attempts > 0 && attempts > state.plan.budget.attempts)
    wrong(turn, state, "it has made more attempts than its budget allows");
}

void RunInvariants::undone(const Turned& turn, const CircuitState& state) {
  if (!is_over(state.status)) return;
  std::vector<const Task*> done;
  for (const auto& task : state.tasks)
    if (task.done_as > 0 && state.plan.steps[task.step].rollback &&
        state.status != messages::RunStatus::succeeded)
      done.push_back(&task);
  std::sort(done.begin(), done.end(),
            [](const Task* one, const Task* other) { return one->done_as > other->done_as; });
  auto expected = done.begin();
  for (const auto& task : state.tasks) {
    if (!task.rolls_back) continue;
    if (expected == done.end() || (*expected)->step != task.step ||
        (*expected)->element != task.element)
      return wrong(turn, state, "something was undone that was not its turn");
    ++expected;
  }
  if (expected != done.end()) wrong(turn, state, "something was not undone");
}

}  // namespace queenright::sim
