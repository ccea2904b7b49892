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

}  // namespace

std::vector<ReusedStep> reusable(const CircuitState& state) {
  std::set<std::uint32_t> undone;
  for (const auto& task : state.tasks)
    if (task.rolls_back) undone.insert(task.step);
  std::vector<ReusedStep> reused;
  for (std::uint32_t place = 0; place < state.steps.size(); ++place) {
    const StepRun& run = state.steps[place];
    if (run.status != TaskStatus::succeeded || undone.contains(place)) continue;
    const auto before = state.reused.find(place);  // it may be two runs old
    reused.push_back({state.plan.steps[place].id,
                      before == state.reused.end() ? state.run : before->second.run, run.outputs,
                      run.outputs_cut, run.artifacts});
  }
  return reused;
}

bool do_again(std::vector<ReusedStep>& reused, const Plan& plan, const std::string& step) {
  if (find(plan, step) == nullptr) return false;
  std::set<std::string> again{step};
  const auto waits = waited_for(plan);
  for (const auto& level : levels_of(plan))
    for (const auto place : level)
      if (std::any_of(waits[place].begin(), waits[place].end(),
                      [&](std::uint32_t need) { return again.contains(plan.steps[need].id); }))
        again.insert(plan.steps[place].id);
  std::erase_if(reused, [&](const ReusedStep& one) { return again.contains(one.step); });
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
