#include <algorithm>

#include "actors/roles/circuit/circuit.hpp"
#include "actors/roles/report.hpp"
#include "messages/ensure.hpp"

/// How a run ends: because all is done, because it is to be stopped, or it waits for a person. What
/// was done is undone when it has not succeeded.
namespace queenright::roles {

using messages::ExitCode;
using messages::RunStatus;
using messages::TaskId;

/// Twice is as good as once.
void Circuit::cancel(const std::string& reason) {
  if (!is_ending())
    stop(
        {RunStatus::cancelled, number_of(ExitCode::failed), reason.empty() ? "cancelled" : reason});
  else if (state_.ending->status != RunStatus::cancelled)
    made_.refused = "the run is ending already: " + state_.ending->reason;
}

void Circuit::abandon(const std::string& reason) {
  if (state_.status == RunStatus::queued)
    cancel(reason);
  else
    made_.refused = "the run has its plan";
}

/// Nothing new is started, and what runs is ended.
void Circuit::stop(Ending ending) {
  std::vector<std::uint32_t> unknown;  // nobody is asked about these any more
  for (std::uint32_t step = 0; step < state_.steps.size(); ++step)
    if (state_.steps[step].status == TaskStatus::unknown) unknown.push_back(step);
  state_.ending = std::move(ending);
  const std::string& reason = state_.ending->reason;
  for (const auto step : unknown) end_step(step, TaskStatus::unknown, state_.steps[step].reason);
  for (std::uint32_t i = 0; i < state_.tasks.size(); ++i) {
    const TaskId id{i + 1};
    const auto& task = task_at(id);
    if (is_final(task.status) || task.status == TaskStatus::unknown) continue;
    if (task.status != TaskStatus::assigned) {
      end_task(id, TaskStatus::cancelled, reason);
      continue;
    }
    const auto attempt = static_cast<std::uint32_t>(task.attempts.size());
    made_.effects.push_back(
        messages::EndAttempt{task.attempts.back().worker, {state_.circuit, id, {attempt}}});
  }
  for (std::uint32_t step = 0; step < state_.steps.size(); ++step) {
    const auto& run = state_.steps[step];
    const bool asks = waits_for_approval(run);
    if (asks) approvals_.erase({run.approval->expires_at, step});
    if (asks || (!run.begun && !is_final(run.status)))
      end_step(step, TaskStatus::cancelled, reason);
  }
}

/// The time that a run may take is over.
void Circuit::keep_to_time() {
  const auto wall = state_.plan.budget.wall;
  if (wall == messages::Duration{} || is_ending() || state_.status == RunStatus::queued) return;
  if (run_time_ >= state_.started_at + wall)
    stop({RunStatus::failed, number_of(ExitCode::timed_out),
          "its budget is used up: the time that it may take"});
}

/// An attempt was wanted that the budget has no room for.
void Circuit::keep_to_budget() {
  if (!std::exchange(over_budget_, false) || is_ending()) return;
  stop({RunStatus::failed, number_of(ExitCode::failed),
        "its budget is used up: " + std::to_string(state_.plan.budget.attempts) + " attempts"});
  consider_all();
}

/// A person decides about what nobody knows.
void Circuit::resolve(const messages::ResolveStep& resolve) {
  const auto place = places_.find(resolve.step);
  if (place == places_.end()) {
    made_.refused = "there is no step '" + resolve.step + "'";
    return;
  }
  const bool undoes = is_undoing() && state_.tasks.back().step == place->second &&
                      state_.tasks.back().status == TaskStatus::unknown;
  const auto& run = state_.steps[place->second];
  if (waits_for_approval(run)) {
    made_.refused = "step '" + resolve.step + "' waits for an approval, and for no other decision";
    return;
  }
  if (!undoes && (run.status != TaskStatus::unknown || is_ending())) {
    made_.refused =
        "step '" + resolve.step + "' waits for no decision: it is " + name_of(run.status);
    return;
  }
  if (state_.status == RunStatus::awaiting_operator)
    enter(undoes ? RunStatus::rolling_back : RunStatus::running, {});
  if (undoes)
    resolve_rollback(resolve.resolution);
  else
    resolve_step(place->second, resolve.resolution);
}

void Circuit::resolve_step(std::uint32_t place, messages::Resolution resolution) {
  auto& step = state_.steps[place];
  step.status = TaskStatus::assigned;
  std::vector<TaskId> unknown;
  for (std::uint32_t i = 0; i < state_.tasks.size(); ++i)
    if (state_.tasks[i].step == place && state_.tasks[i].status == TaskStatus::unknown)
      unknown.push_back({i + 1});
  if (resolution == messages::Resolution::retry) {
    step.reason.clear();
    step.again.assign(unknown.rbegin(), unknown.rend());
    return make_tasks(place);
  }
  step.reason = "skipped by the operator";
  step.active += std::exchange(step.unknown, 0);  // so that the step ends with the last of them
  for (const auto id : unknown) {
    task_at(id).status = TaskStatus::ready;
    task_at(id).done_as = ++done_;  // it is undone with the rest, should the run fail
  }
  for (const auto id : unknown) end_task(id, TaskStatus::skipped, step.reason);
}

void Circuit::resolve_rollback(messages::Resolution resolution) {
  const TaskId id{static_cast<std::uint32_t>(state_.tasks.size())};
  if (resolution == messages::Resolution::retry)
    dispatch(id);
  else
    end_task(id, TaskStatus::skipped, "skipped by the operator");
}

/// After each command: is the run over, or does it wait for a person?
void Circuit::settle_run() {
  if (state_.status == RunStatus::queued && !is_ending()) return;
  if (open_steps_ > 0) return wait_for_person();
  if (!is_ending()) state_.ending = outcome();
  if (state_.ending->status == RunStatus::succeeded) return end_run();
  roll_back();
  if (is_undoing()) return wait_for_person();
  end_run();
}

/// How the run has gone, when all its steps are over.
Ending Circuit::outcome() const {
  const auto first = [&](TaskStatus status) {
    std::uint32_t step = 0;
    while (step < state_.steps.size() &&
           (state_.steps[step].status != status || is_made_good(state_, step)))
      ++step;
    return step;
  };
  const auto none = state_.steps.size();
  auto wrong = first(TaskStatus::timed_out);
  const auto exit_code = wrong != none ? ExitCode::timed_out : ExitCode::failed;
  if (wrong == none) wrong = first(TaskStatus::failed);
  if (wrong == none) return {RunStatus::succeeded, number_of(ExitCode::success), {}};
  return {RunStatus::failed, number_of(exit_code),
          "step '" + planned(wrong).id + "': " + state_.steps[wrong].reason};
}

/// Undoes what was done, one after the other: what was done last is undone first.
void Circuit::roll_back() {
  if (!state_.rolls_back) {
    state_.rolls_back = true;
    for (std::uint32_t i = 0; i < state_.tasks.size(); ++i)
      if (state_.tasks[i].done_as > 0 && planned(state_.tasks[i].step).rollback)
        state_.to_undo.push_back({i + 1});
    std::sort(state_.to_undo.begin(), state_.to_undo.end(), [&](TaskId one, TaskId other) {
      return task_at(one).done_as < task_at(other).done_as;
    });
    if (!state_.to_undo.empty()) enter(RunStatus::rolling_back, state_.ending->reason);
  }
  while (!is_undoing() && !state_.to_undo.empty()) {
    const Task& done = task_at(state_.to_undo.back());
    state_.to_undo.pop_back();
    Task undo;
    undo.step = done.step;
    undo.element = done.element;
    undo.rolls_back = true;
    state_.tasks.push_back(std::move(undo));
    dispatch({static_cast<std::uint32_t>(state_.tasks.size())});
  }
}

void Circuit::wait_for_person() {
  const bool can_proceed = assigned_ > 0 || !due_.empty() || !ready_.empty();
  if (can_proceed || state_.status == RunStatus::awaiting_operator) return;
  if (is_undoing())
    return enter(RunStatus::awaiting_operator, "the fate of the rollback of step '" +
                                                   planned(state_.tasks.back().step).id +
                                                   "' is unknown");
  const auto waits = [](const StepRun& step) {
    return step.status == TaskStatus::unknown || waits_for_approval(step);
  };
  const auto found = std::find_if(state_.steps.begin(), state_.steps.end(), waits);
  messages::ensure(found != state_.steps.end(), "a run that can't proceed waits for a person");
  const auto& id = planned(static_cast<std::uint32_t>(found - state_.steps.begin())).id;
  enter(RunStatus::awaiting_operator, waits_for_approval(*found)
                                          ? "step '" + id + "' " + found->reason
                                          : "the fate of step '" + id + "' is unknown");
}

void Circuit::end_run() {
  const auto failed = std::count_if(state_.tasks.begin(), state_.tasks.end(), [](const Task& task) {
    return task.rolls_back && task.status != TaskStatus::succeeded &&
           task.status != TaskStatus::skipped;
  });
  state_.exit_code = state_.ending->exit_code;
  state_.reason = state_.ending->reason;
  if (failed > 0) state_.reason += "; " + std::to_string(failed) + " of its rollbacks failed";
  for (std::uint32_t step = 0; step < state_.steps.size(); ++step)
    if (state_.ending->status != RunStatus::succeeded && has_unknown_effect(state_, step))
      state_.reason += "; nobody knows what step '" + planned(step).id + "' did";
  state_.ended = wall_;
  state_.ended_at = run_time_;
  enter(state_.ending->status, state_.reason);
}

void Circuit::enter(RunStatus status, const std::string& reason) {
  state_.status = status;
  made_.events.push_back({wall_, {}, 0, {}, name_of(status), reason});
  tell_hive(reason);
}

void Circuit::tell_hive(const std::string& reason) {
  const auto status = state_.status;
  const auto exit_code = status == RunStatus::awaiting_operator
                             ? number_of(ExitCode::awaiting_operator)
                             : state_.exit_code;
  const auto sequence = (made_.index.value << 16U) | made_.effects.size();
  made_.effects.push_back(
      messages::Propose{messages::hive_circuit,
                        {"run/" + std::to_string(state_.circuit.value), sequence},
                        messages::RunChanged{state_.circuit, status, exit_code, reason}});
}

}  // namespace queenright::roles
