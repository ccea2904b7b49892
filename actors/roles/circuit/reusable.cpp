#include "actors/roles/circuit/reusable.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "actors/roles/plan/levels.hpp"

namespace queenright::roles {

using messages::Refusal;
using messages::ReusedStep;
using messages::Value;

namespace {

std::optional<std::uint32_t> place_of(const Plan& plan, const std::string& id) {
  for (std::uint32_t place = 0; place < plan.steps.size(); ++place)
    if (plan.steps[place].id == id) return place;
  return std::nullopt;
}

/// What was done, and not undone, of each step; and what of that is to be reused.
class Accounts {
 public:
  explicit Accounts(const CircuitState& state)
      : state_(state), done_(state.steps.size()), undone_(state.steps.size()) {
    for (const auto& task : state.tasks)
      if (task.rolls_back)
        undone_[task.step].push_back(task.element);
      else if (task.status == TaskStatus::succeeded || task.done_as > 0)
        done_[task.step].push_back(task.element);
    for (std::uint32_t step = 0; step < state.steps.size(); ++step) settle(step);
  }

  /// It is over and done with.
  bool is_whole(std::uint32_t step) const {
    const auto last = stand_in_of(state_, step);
    const auto status = state_.steps[last].status;
    const bool went_well = status == TaskStatus::succeeded || status == TaskStatus::skipped;
    return went_well && undone_[step].empty() && undone_[last].empty();
  }

  ReusedStep whole(std::uint32_t step) const {
    auto reused = named(step);
    const auto& run = state_.steps[stand_in_of(state_, step)];
    reused.outputs = run.outputs;
    reused.outputs_cut = run.outputs_cut;
    reused.artifacts = run.artifacts;
    reused.made_by = run.made_by;
    return reused;
  }

  /// What was done of a fan-out; nothing: none of it.
  std::optional<ReusedStep> part(std::uint32_t step) const {
    const auto& run = state_.steps[step];
    if (done_[step].empty() || run.elements.list() == nullptr) return std::nullopt;
    auto reused = named(step);
    reused.outputs_cut = run.outputs_cut;
    reused.elements = run.elements;
    reused.done = done_[step];
    Value::List outputs(run.elements.list()->size());
    for (const auto element : reused.done) outputs[element] = (*run.outputs.list())[element];
    reused.outputs = std::move(outputs);
    for (std::size_t i = 0; i < run.artifacts.size(); ++i) {
      if (!is_done(step, run.made_by[i])) continue;
      reused.artifacts.push_back(run.artifacts[i]);
      reused.made_by.push_back(run.made_by[i]);
    }
    return reused;
  }

 private:
  /// What was undone, or begun to be, is not done.
  void settle(std::uint32_t step) {
    auto& undone = undone_[step];
    std::sort(undone.begin(), undone.end());
    auto& done = done_[step];
    std::sort(done.begin(), done.end());
    std::erase_if(done, [&](std::uint32_t element) {
      return std::binary_search(undone.begin(), undone.end(), element);
    });
  }

  bool is_done(std::uint32_t step, std::uint32_t element) const {
    return std::binary_search(done_[step].begin(), done_[step].end(), element);
  }

  ReusedStep named(std::uint32_t step) const {
    ReusedStep reused;
    reused.step = state_.plan.steps[step].id;
    const auto before = state_.reused.find(step);  // it may be two runs old
    reused.run = before == state_.reused.end() ? state_.run : before->second.run;
    return reused;
  }

  const CircuitState& state_;
  std::vector<Steps> done_;    ///< elements, of each step
  std::vector<Steps> undone_;  ///< elements, of each step
};

}  // namespace

Reusable reusable(const CircuitState& state) {
  const Accounts accounts(state);
  const auto count = static_cast<std::uint32_t>(state.steps.size());
  std::vector<bool> again(count);
  for (std::uint32_t step = 0; step < count; ++step) again[step] = !accounts.is_whole(step);
  again = with_who_waits(state.plan, std::move(again));  // they would get something else
  const auto waits = waited_for(state.plan);
  Reusable reusable;
  for (std::uint32_t step = 0; step < count; ++step) {
    const bool needs_are_whole = std::none_of(waits[step].begin(), waits[step].end(),
                                              [&](std::uint32_t need) { return again[need]; });
    if (!again[step] && state.steps[stand_in_of(state, step)].status == TaskStatus::succeeded) {
      reusable.steps.push_back(accounts.whole(step));
    } else if (again[step]) {
      if (has_unknown_effect(state, step)) reusable.undecided.push_back(state.plan.steps[step].id);
      if (auto part = needs_are_whole ? accounts.part(step) : std::nullopt)
        reusable.steps.push_back(std::move(*part));
    }
  }
  return reusable;
}

bool do_again(std::vector<ReusedStep>& reused, const Plan& plan, const std::string& step) {
  const auto place = place_of(plan, step);
  if (!place) return false;
  std::vector<bool> again(plan.steps.size());
  again[*place] = true;
  again = with_who_waits(plan, std::move(again));
  std::erase_if(reused, [&](const ReusedStep& one) {
    const bool is_part_of_it = one.step == step && !one.elements.is_null();
    return !is_part_of_it && again[*place_of(plan, one.step)];
  });
  return true;
}

messages::Result<bool> skip(std::vector<ReusedStep>& reused, const Plan& plan,
                            const std::string& step) {
  const auto place = place_of(plan, step);
  if (!place) return Refusal{"the plan has no step '" + step + "'"};
  const auto& planned = plan.steps[*place];
  if (planned.approval)
    return Refusal{"step '" + step + "' asks a person to agree: nobody may skip it"};
  std::erase_if(reused, [&](const ReusedStep& one) { return one.step == step; });
  ReusedStep said;
  said.step = step;
  said.outputs = planned.foreach.empty() ? Value::List{Value()} : Value::List{};
  reused.push_back(std::move(said));
  return true;
}

}  // namespace queenright::roles
