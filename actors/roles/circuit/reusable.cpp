#include "actors/roles/circuit/reusable.hpp"

#include <algorithm>
#include <utility>

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

bool ended_well(TaskStatus status) {
  return status == TaskStatus::succeeded || status == TaskStatus::skipped;
}

}  // namespace

std::vector<ReusedStep> reusable(const CircuitState& state) {
  std::vector<bool> again(state.steps.size());
  for (std::uint32_t place = 0; place < state.steps.size(); ++place)
    again[place] = !ended_well(state.steps[place].status);
  for (const auto& task : state.tasks)
    if (task.rolls_back) again[task.step] = true;
  again = with_who_waits(state.plan, std::move(again));  // they would get something else
  std::vector<ReusedStep> reused;
  for (std::uint32_t place = 0; place < state.steps.size(); ++place) {
    const StepRun& run = state.steps[place];
    if (run.status != TaskStatus::succeeded || again[place]) continue;
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
  const auto place_of = [&](const Step* one) {
    return static_cast<std::size_t>(one - plan.steps.data());
  };
  std::vector<bool> again(plan.steps.size());
  again[place_of(planned)] = true;
  again = with_who_waits(plan, std::move(again));
  std::erase_if(reused,
                [&](const ReusedStep& one) { return again[place_of(find(plan, one.step))]; });
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
