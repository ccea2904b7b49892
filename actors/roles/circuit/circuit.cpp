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
using messages::RunStatus;
using messages::TaskId;
using messages::Value;

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
  stands_in_for_.clear();
  attempts_ = 0;
  done_ = 0;
  due_.clear();
  approvals_.clear();
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
    if (planned(step).fallback) stands_in_for_[*planned(step).fallback] = step;
  }
  open_steps_ = 0;
  for (std::uint32_t step = 0; step < state_.steps.size(); ++step)
    open_steps_ += is_settled(state_, step) ? 0 : 1;
  for (std::uint32_t step = 0; step < state_.steps.size(); ++step)
    if (const auto& run = state_.steps[step];
        waits_for_approval(run) && run.approval->expires_at > Duration{})
      approvals_.emplace(run.approval->expires_at, step);
  for (std::uint32_t i = 0; i < state_.tasks.size(); ++i) {
    const auto& task = state_.tasks[i];
    attempts_ += task.rolls_back ? 0 : task.attempts.size();
    done_ += task.done_as > 0 ? 1 : 0;
    if (task.status == TaskStatus::assigned) count_given(task, task.attempts.back().worker, 1);
    if (task.status == TaskStatus::waiting) due_.emplace(task.go_on_at, TaskId{i + 1});
    if (task.status == TaskStatus::ready) ready_.insert(TaskId{i + 1});
  }
}

std::optional<Duration> Circuit::circuit_deadline() const {
  if (finished()) return std::nullopt;
  auto earliest = worker_deadline();
  const auto consider = [&](Duration run_time) {
    const Duration at = run_time - state_.passed.stood_still;
    earliest = std::min(earliest.value_or(at), at);
  };
  if (!due_.empty()) consider(due_.begin()->first);
  if (!approvals_.empty()) consider(approvals_.begin()->first);
  if (const auto wall = state_.plan.budget.wall; wall > Duration{} && !is_ending())
    consider(state_.started_at + wall);
  return earliest;
}

AppliedEntry Circuit::apply(CommittedEntry entry) {
  made_ = {};
  made_.index = entry.index;
  seed_ = entry.seed;
  take_time(entry);
  if (finished())
    made_.refused = "the run is over";
  else
    command(entry);
  if (made_.refused.empty()) note_change(entry);
  if (!finished()) pass_time();
  consider_all();
  if (!ready_.empty()) {
    place_ready();
    consider_all();
  }
  keep_to_budget();
  if (!finished()) settle_run();
  return std::move(made_);
}

/// Circuit time stands still while nobody leads the circuit. When the same node leads again, its
/// clock on the wall tells for how long: a run's waits, approvals and budget go by that, too; what
/// keeps two workers from doing the same does not.
void Circuit::take_time(const CommittedEntry& entry) {
  circuit_time_ = entry.circuit_time;
  wall_ = entry.wall;
  auto& passed = state_.passed;
  if (passed.root == entry.root && passed.epoch != entry.epoch) {
    const Duration on_the_wall =
        std::chrono::milliseconds{wall_.milliseconds - passed.wall.milliseconds};
    passed.stood_still += std::max(Duration{}, on_the_wall - (circuit_time_ - passed.circuit_time));
  }
  passed.epoch = entry.epoch;
  passed.root = entry.root;
  passed.circuit_time = circuit_time_;
  passed.wall = wall_;
  run_time_ = circuit_time_ + passed.stood_still;
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
  else if (const auto* verdict = std::get_if<messages::ApproveStep>(&entry.command))
    approve(*verdict);
  else if (!std::holds_alternative<messages::TimePassed>(entry.command))
    made_.refused = "not a command of a run's circuit";
}

/// What is due by now, whoever has said what.
void Circuit::pass_time() {
  give_up_lost();
  go_on_with_due_tasks();
  expire_approvals();
  keep_to_time();
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
  for (const auto& one : begin.reused)
    if (!reuse(one)) {
      made_.refused = "what is to be reused does not fit the plan, or is too much";
      state_.plan = {};
      state_.reused.clear();
      state_.output_bytes = 0;
      return;
    }
  state_.plan_hash = begin.plan_hash;
  state_.run = begin.run;
  state_.key = begin.key;
  state_.started = wall_;
  state_.started_at = run_time_;
  state_.steps.resize(state_.plan.steps.size());
  derive();
  enter(RunStatus::running, {});
  for (auto step = static_cast<std::uint32_t>(state_.steps.size()); step-- > 0;) {
    state_.steps[step].unmet = static_cast<std::uint32_t>(planned(step).needs.size()) +
                               (stands_in_for_.contains(step) ? 1 : 0);
    if (state_.steps[step].unmet == 0) to_consider_.push_back(step);
  }
}

/// False: the plan has no such step, or it can't have given that.
bool Circuit::reuse(const messages::ReusedStep& reused) {
  const auto& steps = state_.plan.steps;
  const auto step = std::find_if(steps.begin(), steps.end(),
                                 [&](const Step& one) { return one.id == reused.step; });
  if (step == steps.end() || !fits(reused, *step)) return false;
  state_.output_bytes += to_json(reused.outputs).size();
  if (state_.output_bytes > max_reused_bytes) return false;
  state_.reused[static_cast<std::uint32_t>(step - steps.begin())] = reused;
  return true;
}

bool Circuit::fits(const messages::ReusedStep& reused, const Step& step) const {
  const auto* outputs = reused.outputs.list();
  if (outputs == nullptr || reused.artifacts.size() > max_artifacts_of_step) return false;
  if (reused.run.empty() && step.approval) return false;  // to skip it is not to agree
  const auto is_element = [&](std::uint32_t element) { return element < outputs->size(); };
  if (!std::all_of(reused.made_by.begin(), reused.made_by.end(), is_element) ||
      !std::all_of(reused.done.begin(), reused.done.end(), is_element) ||
      !std::is_sorted(reused.done.begin(), reused.done.end()))
    return false;
  if (reused.elements.is_null()) return !step.foreach.empty() || outputs->size() == 1;
  const auto* elements = reused.elements.list();
  return !step.foreach.empty() && elements != nullptr && elements->size() == outputs->size() &&
         reused.made_by.size() == reused.artifacts.size();
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

/// They have waited long enough: for their next attempt, or for as long as their step is to wait.
void Circuit::go_on_with_due_tasks() {
  while (!due_.empty() && due_.begin()->first <= run_time_) {
    const TaskId id = due_.begin()->second;
    due_.erase(due_.begin());
    if (waits(task_at(id)))
      end_task(id, TaskStatus::succeeded, {});
    else
      dispatch(id);
  }
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
