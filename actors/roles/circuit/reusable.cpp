#include "actors/roles/circuit/reusable.hpp"

#include <algorithm>
#include <set>

#include "actors/roles/plan/levels.hpp"

namespace queenright::roles {

using messages::ReusedStep;
using messages::Value;

namespace {

const Step* find(const Plan& plan, const std::string& id) {
  const auto found = std::find_if(plan.steps.begin(), plan.steps.end(),
                                  [&](const Step& step) { return step.id == id; });
  return found == plan.steps.end() ? nullptr : &*found;
}

using Places = std::set<std::uint32_t>;

/// All that would get something else, now that these are done again.
void add_who_waits(Places& again, const Plan& plan) {
  const auto waits = waited_for(plan);
  for (const auto& level : levels_of(plan))
    for (const auto place : level)
      if (std::any_of(waits[place].begin(), waits[place].end(),
                      [&](std::uint32_t need) { return again.contains(need); }))
        again.insert(place);
}

bool ended_well(TaskStatus status) {
  return status == TaskStatus::succeeded || status == TaskStatus::skipped;
}

}  // namespace

std::vector<ReusedStep> reusable(const CircuitState& state) {
  Places again;
  for (std::uint32_t place = 0; place < state.steps.size(); ++place)
    if (!ended_well(state.steps[place].status)) again.insert(place);
  for (const auto& task : state.tasks)
    if (task.rolls_back) again.insert(task.step);
  add_who_waits(again, state.plan);
  std::vector<ReusedStep> reused;
  for (std::uint32_t place = 0; place < state.steps.size(); ++place) {
    const StepRun& run = state.steps[place];
    if (run.status != TaskStatus::succeeded || again.contains(place)) continue;
    const auto before = state.reused.find(place);  // it may be two runs old
    reused.push_back({state.plan.steps[place].id,
                      before == state.reused.end() ? state.run : before->second.run, run.outputs,
                      run.outputs_cut, run.artifacts});
  }
  return reused;
}

bool do_again(std::vector<ReusedStep>& reused, const Plan& plan, const std::string& step) {
  const auto* planned = find(plan, step);
  if (planned == nullptr) return false;
  Places again{static_cast<std::uint32_t>(planned - plan.steps.data())};
  add_who_waits(again, plan);
  std::erase_if(reused, [&](const ReusedStep& one) {
    return again.contains(static_cast<std::uint32_t>(find(plan, one.step) - plan.steps.data()));
  });
  return true;
}

bool skip(std::vector<ReusedStep>& reused, const Plan& plan, const std::string& step) {
  const auto* planned = find(plan, step);
  if (planned == nullptr) return false;
  std::erase_if(reused, [&](const ReusedStep& one) { return one.step == step; });
  reused.push_back(
      {step, {}, planned->foreach.empty() ? Value::List{Value()} : Value::List{}, false, {}});
  return true;
}

}  // namespace queenright::roles
