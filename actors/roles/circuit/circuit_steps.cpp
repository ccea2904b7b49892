#include <algorithm>

#include "actors/roles/circuit/circuit.hpp"
#include "messages/ensure.hpp"

/// When steps start and end.
namespace queenright::roles {

using messages::Value;

namespace {

constexpr std::size_t max_elements = 100'000;

}  // namespace

void Circuit::consider(std::uint32_t step) {
  auto& run = state_.steps[step];
  if (is_final(run.status) || run.begun) return;
  if (is_ending()) return end_step(step, TaskStatus::cancelled, state_.ending->reason);
  if (!wanted(step)) return;
  run.begun = true;
  run.started = wall_;
  run.started_at = run_time_;
  run.status = TaskStatus::assigned;
  if (!expand(step)) return;
  if (planned(step).approval)
    ask_approval(step);
  else
    make_tasks(step);
}

/// Ends the step when its needs or its `when` say so.
bool Circuit::wanted(std::uint32_t step) {
  if (planned(step).left_out) {
    end_step(step, TaskStatus::skipped, "not selected");
    return false;
  }
  const auto original = stands_in_for_.find(step);
  if (original != stands_in_for_.end() && !falls_back(state_, original->second)) {
    end_step(step, TaskStatus::skipped,
             "step '" + planned(original->second).id + "' has not failed");
    return false;
  }
  TextError error;
  const auto condition = Template::parse(planned(step).when, error);
  messages::ensure(condition.has_value(), "expressions are checked when a run begins");
  if (state_.steps[step].needs_failed && !condition->asks_about_failure()) {
    end_step(step, TaskStatus::skipped, "a step that it needs has failed");
    return false;
  }
  if (const auto* whole = reused(step); whole != nullptr && whole->elements.is_null()) {
    take_outputs(step, *whole);
    return false;
  }
  if (planned(step).when.empty()) return true;
  const auto answer = condition->evaluate(CircuitScope(state_, places_, step, std::nullopt));
  if (!answer) {
    fail_step(step, "when: " + answer.reason());
    return false;
  }
  const bool* value = answer.value().boolean();
  if (value == nullptr) {
    fail_step(step, "when: must be true or false, is a " + std::string(answer.value().kind_name()));
    return false;
  }
  if (!*value) end_step(step, TaskStatus::skipped, "when is false");
  return *value;
}

/// What an earlier run gave, or null.
const messages::ReusedStep* Circuit::reused(std::uint32_t step) const {
  const auto found = state_.reused.find(step);
  return found == state_.reused.end() ? nullptr : &found->second;
}

bool Circuit::reuses(const Task& task) const {
  if (!state_.steps[task.step].reuses) return false;
  const auto& done = reused(task.step)->done;
  return std::binary_search(done.begin(), done.end(), task.element);
}

void Circuit::take_outputs(std::uint32_t step, const messages::ReusedStep& reused) {
  auto& run = state_.steps[step];
  run.outputs = reused.outputs;
  run.outputs_cut = reused.outputs_cut;
  run.artifacts = reused.artifacts;
  run.made_by = reused.made_by;
  end_step(step, TaskStatus::succeeded,
           reused.run.empty() ? "said to have succeeded" : "as it was in " + reused.run);
}

/// Computes the elements of a fan-out. Ends the step when that fails or there are none.
bool Circuit::expand(std::uint32_t step) {
  auto& run = state_.steps[step];
  run.outputs = Value::List{};
  if (!fans_out(step)) return true;
  TextError error;
  const auto list = Template::parse(planned(step).foreach, error);
  messages::ensure(list.has_value(), "expressions are checked when a run begins");
  auto elements = list->evaluate(CircuitScope(state_, places_, step, std::nullopt));
  if (!elements) {
    fail_step(step, "foreach: " + elements.reason());
    return false;
  }
  if (elements.value().list() == nullptr) {
    fail_step(step, "foreach: must be a list, is a " + std::string(elements.value().kind_name()));
    return false;
  }
  if (elements.value().list()->size() > max_elements) {
    fail_step(step, "foreach: at most 100,000 elements, there are " +
                        std::to_string(elements.value().list()->size()));
    return false;
  }
  run.elements = std::move(elements).value();
  if (const auto* part = reused(step); part != nullptr && part->elements == run.elements) {
    run.reuses = true;
    run.outputs_cut = part->outputs_cut;
    run.artifacts = part->artifacts;
    run.made_by = part->made_by;
  }
  return true;
}

/// Creates tasks, or tries those again that a person decided on, up to the step's window; ends
/// the step after its last one.
void Circuit::make_tasks(std::uint32_t step) {
  const auto width =
      static_cast<std::uint32_t>(fans_out(step) ? state_.steps[step].elements.list()->size() : 1);
  while (true) {
    auto& run = state_.steps[step];
    if (is_final(run.status)) return;
    const bool done = run.created == width && run.again.empty();
    if (run.failure != TaskStatus::waiting || is_ending() || done ||
        run.active >= planned(step).max_parallel)
      break;
    if (!run.again.empty()) {
      const auto id = run.again.back();
      run.again.pop_back();
      --run.unknown;
      ++run.active;
      dispatch(id);
    } else {
      make_task(step);
    }
  }
  auto& run = state_.steps[step];
  if (run.active > 0) return;
  if (run.failure != TaskStatus::waiting) return end_step(step, run.failure, run.reason);
  if (is_ending() && run.unknown > 0) return end_step(step, TaskStatus::unknown, run.reason);
  if (is_ending() && run.created < width)
    return end_step(step, TaskStatus::cancelled, state_.ending->reason);
  if (run.unknown == 0) return end_step(step, TaskStatus::succeeded, run.reason);
  if (planned(step).fallback) return end_step(step, TaskStatus::failed, run.reason);
  run.status = TaskStatus::unknown;
  tell(step, nullptr, "unknown", run.reason);
}

/// Of the next element; it is over at once where an earlier run has done it.
void Circuit::make_task(std::uint32_t step) {
  auto& run = state_.steps[step];
  auto& outputs = std::get<Value::List>(run.outputs.kind());
  Task task;
  task.step = step;
  task.element = run.created++;
  if (reuses(task)) {
    outputs.push_back((*reused(step)->outputs.list())[task.element]);
    task.status = TaskStatus::succeeded;
    task.reason = "as it was in " + reused(step)->run;
    state_.tasks.push_back(std::move(task));
    return;
  }
  outputs.emplace_back();
  ++run.active;
  state_.tasks.push_back(std::move(task));
  dispatch({static_cast<std::uint32_t>(state_.tasks.size())});
}

void Circuit::fail_step(std::uint32_t step, std::string reason) {
  end_step(step, TaskStatus::failed, std::move(reason));
}

void Circuit::end_step(std::uint32_t step, TaskStatus status, std::string reason) {
  auto& run = state_.steps[step];
  run.status = status;
  run.begun = true;
  run.reason = std::move(reason);
  if (run.outputs.is_null() && fans_out(step)) run.outputs = Value::List{};
  run.ended = wall_;
  run.ended_at = run_time_;
  --open_steps_;
  tell(step, nullptr, name_of(status), run.reason);
  const bool failed =
      status != TaskStatus::succeeded && !(status == TaskStatus::skipped && !run.needs_failed);
  if (const auto fallback = planned(step).fallback) meet(*fallback, false);
  if (falls_back(state_, step)) return;
  release_dependents(step, failed);
  for (auto original = stands_in_for_.find(step);
       original != stands_in_for_.end() && falls_back(state_, original->second);
       original = stands_in_for_.find(original->second))
    release_dependents(original->second, failed);
}

void Circuit::release_dependents(std::uint32_t step, bool failed) {
  for (auto dependent = dependents_[step].rbegin(); dependent != dependents_[step].rend();
       ++dependent)  // the last one pushed is considered first
    meet(*dependent, failed);
}

/// Something that the step has waited for is final.
void Circuit::meet(std::uint32_t step, bool failed) {
  auto& next = state_.steps[step];
  next.needs_failed = next.needs_failed || failed;
  if (--next.unmet == 0) to_consider_.push_back(step);
}

}  // namespace queenright::roles
