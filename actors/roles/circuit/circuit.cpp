#include "actors/roles/circuit/circuit.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "actors/roles/hive/hive.hpp"
#include "actors/roles/plan/check.hpp"
#include "actors/roles/plan/need.hpp"
#include "actors/roles/report.hpp"
#include "messages/ensure.hpp"
#include "messages/reader.hpp"
#include "messages/text.hpp"
#include "messages/writer.hpp"

namespace queenright::roles {

using messages::AppliedEntry;
using messages::AttemptEnded;
using messages::CommittedEntry;
using messages::Duration;
using messages::ExitCode;
using messages::RunStatus;
using messages::TaskId;
using messages::Value;

std::string name_of(TaskStatus status) {
  static constexpr std::array<std::string_view, 9> names{"waiting",   "ready",   "assigned",
                                                         "succeeded", "failed",  "timed_out",
                                                         "cancelled", "skipped", "unknown"};
  return std::string(names[static_cast<std::size_t>(status)]);
}

bool is_final(TaskStatus status) {
  return status >= TaskStatus::succeeded && status != TaskStatus::unknown;
}

std::string Circuit::state_bytes() const { return messages::encode(state_); }
std::string Circuit::state_text() const { return messages::to_text(state_); }
bool Circuit::finished() const { return is_over(state_.status); }

bool Circuit::take_state(std::string_view bytes) {
  CircuitState state;
  state.circuit = state_.circuit;
  if (!bytes.empty()) {
    auto given = messages::decode<CircuitState>(bytes);
    if (!given || given.value().circuit != state.circuit ||
        given.value().steps.size() != given.value().plan.steps.size())
      return false;
    state = std::move(given).value();
  }
  state_ = std::move(state);
  derive();
  return true;
}

Value Circuit::summary() const {
  Value::Map steps;
  for (std::uint32_t step = 0; step < state_.steps.size(); ++step)
    steps[planned(step).id] = name_of(state_.steps[step].status);
  Value::Map running;
  for (const auto& [worker, count] : given_)
    if (count > 0) running[name_of_worker(worker)] = static_cast<std::int64_t>(count);
  return Value::Map{{"run", state_.run},
                    {"status", name_of(state_.status)},
                    {"reason", state_.reason},
                    {"steps", std::move(steps)},
                    {"running", std::move(running)}};
}

void Circuit::derive() {
  places_.clear();
  retries_.clear();
  ready_.clear();
  assigned_ = 0;
  given_.clear();
  local_need_ = {};
  if (state_.plan.mode == PlanMode::local && !state_.plan.steps.empty())
    local_need_ = need_of(state_.plan, 0);
  dependents_.assign(state_.plan.steps.size(), {});
  for (std::uint32_t step = 0; step < state_.plan.steps.size(); ++step) {
    places_[planned(step).id] = step;
    for (const auto need : planned(step).needs) dependents_[need].push_back(step);
  }
  open_steps_ = static_cast<std::size_t>(
      std::count_if(state_.steps.begin(), state_.steps.end(),
                    [](const StepRun& step) { return !is_final(step.status); }));
  for (std::uint32_t i = 0; i < state_.tasks.size(); ++i) {
    const auto& task = state_.tasks[i];
    if (task.status == TaskStatus::assigned) count_given(task, task.attempts.back().worker, 1);
    if (task.status == TaskStatus::waiting) retries_.emplace(task.retry_at, TaskId{i + 1});
    if (task.status == TaskStatus::ready) ready_.insert(TaskId{i + 1});
  }
}

std::optional<Duration> Circuit::circuit_deadline() const {
  if (finished()) return std::nullopt;
  const auto of_workers = worker_deadline();
  if (retries_.empty()) return of_workers;
  const auto retry_at = retries_.begin()->first;
  return of_workers ? std::min(*of_workers, retry_at) : retry_at;
}

AppliedEntry Circuit::apply(CommittedEntry entry) {
  made_ = {};
  made_.index = entry.index;
  circuit_time_ = entry.circuit_time;
  wall_ = entry.wall;
  seed_ = entry.seed;
  if (finished())
    made_.refused = "the run is over";
  else
    command(entry);
  if (made_.refused.empty()) note_change(entry);
  consider_all();
  if (!ready_.empty()) {
    place_ready();
    consider_all();
  }
  if (!finished()) settle_run();
  return std::move(made_);
}

void Circuit::consider_all() {
  while (!to_consider_.empty()) {
    const auto step = to_consider_.back();
    to_consider_.pop_back();
    consider(step);
  }
}

void Circuit::note_change(const CommittedEntry& entry) {
  state_.last_entry = entry.index;
  auto& leaders = state_.leaders;
  if (leaders.empty() || leaders.back().epoch != entry.epoch)
    leaders.push_back({entry.epoch, entry.root, entry.index});
}

void Circuit::command(CommittedEntry& entry) {
  if (const auto* plan = std::get_if<messages::Begin>(&entry.command))
    begin(*plan);
  else if (const auto* worker = std::get_if<messages::OfferWorker>(&entry.command))
    offer(*worker);
  else if (auto* ended = std::get_if<AttemptEnded>(&entry.command))
    attempt_ended(*ended);
  else if (const auto* cancelled = std::get_if<messages::CancelRun>(&entry.command))
    cancel(cancelled->reason);
  else if (const auto* abandoned = std::get_if<messages::AbandonRun>(&entry.command))
    abandon(abandoned->reason);
  else if (const auto* decision = std::get_if<messages::ResolveStep>(&entry.command))
    resolve(*decision);
  else if (std::holds_alternative<messages::TimePassed>(entry.command)) {
    give_up_lost();
    retry_due_tasks();
  } else
    made_.refused = "not a command of a run's circuit";
}

void Circuit::begin(const messages::Begin& begin) {
  if (state_.status != RunStatus::queued) {
    made_.refused = "the run has its plan already";
    return;
  }
  auto plan = messages::decode<Plan>(begin.plan);
  if (!plan) {
    made_.refused = plan.reason();
    return;
  }
  state_.plan = std::move(plan).value();
  if (auto wrong = check(state_.plan); !wrong.empty()) {
    state_.plan = {};
    made_.refused = std::move(wrong);
    return;
  }
  state_.plan_hash = begin.plan_hash;
  state_.run = begin.run;
  state_.key = begin.key;
  state_.status = RunStatus::running;
  state_.started = wall_;
  state_.started_at = circuit_time_;
  state_.steps.resize(state_.plan.steps.size());
  derive();
  made_.events.push_back({wall_, {}, 0, {}, "running", {}});
  tell_hive(RunStatus::running, ExitCode::success, {});
  for (auto step = static_cast<std::uint32_t>(state_.steps.size()); step-- > 0;) {
    state_.steps[step].unmet = static_cast<std::uint32_t>(planned(step).needs.size());
    if (state_.steps[step].unmet == 0) to_consider_.push_back(step);
  }
}

void Circuit::attempt_ended(AttemptEnded& ended) {
  if (ended.task.value == 0 || ended.task.value > state_.tasks.size() ||
      task_at(ended.task).status != TaskStatus::assigned ||
      task_at(ended.task).attempts.size() != ended.attempt.value) {
    made_.refused = "no such attempt is wanted";
    return;
  }
  conclude(ended.task, std::move(ended.outcome));
}

void Circuit::cancel(const std::string& reason) {
  if (!state_.cancelling.empty()) {
    made_.refused = "the run is being cancelled already";
    return;
  }
  state_.cancelling = reason.empty() ? "cancelled" : reason;
  for (std::uint32_t i = 0; i < state_.tasks.size(); ++i) {
    const TaskId id{i + 1};
    const auto& task = task_at(id);
    if (is_final(task.status)) continue;
    if (task.status != TaskStatus::assigned) {
      end_task(id, TaskStatus::cancelled, state_.cancelling);
      continue;
    }
    const auto attempt = static_cast<std::uint32_t>(task.attempts.size());
    made_.effects.push_back(
        messages::EndAttempt{task.attempts.back().worker, {state_.circuit, id, {attempt}}});
  }
  for (std::uint32_t step = 0; step < state_.steps.size(); ++step)
    if (!state_.steps[step].begun && !is_final(state_.steps[step].status))
      end_step(step, TaskStatus::cancelled, state_.cancelling);
}

void Circuit::abandon(const std::string& reason) {
  if (state_.status == RunStatus::queued)
    cancel(reason);
  else
    made_.refused = "the run has its plan";
}

void Circuit::resolve(const messages::ResolveStep& resolve) {
  const auto place = places_.find(resolve.step);
  if (place == places_.end()) {
    made_.refused = "there is no step '" + resolve.step + "'";
    return;
  }
  if (state_.steps[place->second].status != TaskStatus::unknown) {
    made_.refused = "step '" + resolve.step + "' waits for nobody: it is " +
                    name_of(state_.steps[place->second].status);
    return;
  }
  if (state_.status == RunStatus::awaiting_operator) {
    state_.status = RunStatus::running;
    made_.events.push_back({wall_, {}, 0, {}, "running", {}});
    tell_hive(RunStatus::running, ExitCode::success, {});
  }
  auto& step = state_.steps[place->second];
  step.status = TaskStatus::assigned;
  std::vector<TaskId> unknown;
  for (std::uint32_t i = 0; i < state_.tasks.size(); ++i)
    if (state_.tasks[i].step == place->second && state_.tasks[i].status == TaskStatus::unknown)
      unknown.push_back({i + 1});
  if (resolve.resolution == messages::Resolution::retry) {
    step.reason.clear();
    step.again.assign(unknown.rbegin(), unknown.rend());
    return make_tasks(place->second);
  }
  step.reason = "skipped by the operator";
  step.active += std::exchange(step.unknown, 0);  // so that the step ends with the last of them
  for (const auto id : unknown) task_at(id).status = TaskStatus::ready;
  for (const auto id : unknown) end_task(id, TaskStatus::skipped, step.reason);
}

void Circuit::retry_due_tasks() {
  while (!retries_.empty() && retries_.begin()->first <= circuit_time_) {
    const TaskId id = retries_.begin()->second;
    retries_.erase(retries_.begin());
    dispatch(id);
  }
}

/// After each command: is the run over, or does it wait for a person?
void Circuit::settle_run() {
  if (state_.status == RunStatus::queued && state_.cancelling.empty()) return;
  if (open_steps_ == 0 && !state_.cancelling.empty())
    return end_run(RunStatus::cancelled, ExitCode::failed, state_.cancelling);
  if (open_steps_ == 0) {
    const auto first = [&](TaskStatus status) {
      return std::find_if(state_.steps.begin(), state_.steps.end(),
                          [&](const StepRun& step) { return step.status == status; });
    };
    auto wrong = first(TaskStatus::timed_out);
    const auto exit_code = wrong != state_.steps.end() ? ExitCode::timed_out : ExitCode::failed;
    if (wrong == state_.steps.end()) wrong = first(TaskStatus::failed);
    if (wrong == state_.steps.end()) return end_run(RunStatus::succeeded, ExitCode::success, {});
    const auto& id = planned(static_cast<std::uint32_t>(wrong - state_.steps.begin())).id;
    return end_run(RunStatus::failed, exit_code, "step '" + id + "': " + wrong->reason);
  }
  const bool can_proceed = assigned_ > 0 || !retries_.empty() || !ready_.empty();
  if (can_proceed || state_.status == RunStatus::awaiting_operator) return;
  const auto unknown =
      std::find_if(state_.steps.begin(), state_.steps.end(),
                   [](const StepRun& step) { return step.status == TaskStatus::unknown; });
  messages::ensure(unknown != state_.steps.end(), "a run that can't proceed waits for a person");
  const auto& id = planned(static_cast<std::uint32_t>(unknown - state_.steps.begin())).id;
  state_.status = RunStatus::awaiting_operator;
  const std::string reason = "the fate of step '" + id + "' is unknown";
  made_.events.push_back({wall_, {}, 0, {}, "awaiting_operator", reason});
  tell_hive(RunStatus::awaiting_operator, ExitCode::awaiting_operator, reason);
}

void Circuit::end_run(RunStatus status, ExitCode exit_code, std::string reason) {
  state_.status = status;
  state_.exit_code = number_of(exit_code);
  state_.reason = std::move(reason);
  state_.ended = wall_;
  state_.ended_at = circuit_time_;
  made_.events.push_back({wall_, {}, 0, {}, name_of(status), state_.reason});
  tell_hive(status, exit_code, state_.reason);
}

void Circuit::tell_hive(RunStatus status, ExitCode exit_code, const std::string& reason) {
  const auto sequence = (made_.index.value << 16U) | made_.effects.size();
  made_.effects.push_back(messages::Propose{
      messages::hive_circuit,
      {"run/" + std::to_string(state_.circuit.value), sequence},
      messages::RunChanged{state_.circuit, status, number_of(exit_code), reason}});
}

void Circuit::tell(std::uint32_t step, const Task* task, std::string state, std::string reason) {
  const bool step_says_it = task != nullptr && task->attempts.empty() && !fans_out(step);
  if (step_says_it) return;  // no attempt was made
  messages::RunEvent event{wall_, planned(step).id, 0, {}, std::move(state), std::move(reason)};
  if (task != nullptr) {
    event.attempt = {static_cast<std::uint32_t>(task->attempts.size())};
    if (fans_out(step)) event.element = task->element + 1;
  }
  made_.events.push_back(std::move(event));
}

}  // namespace queenright::roles
