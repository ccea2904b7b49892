#include "actors/roles/circuit/circuit_state.hpp"

namespace queenright::roles {

bool is_settled(const CircuitState& state, std::uint32_t step) {
  const auto status = state.steps[step].status;
  return is_final(status) || (status == TaskStatus::unknown && state.ending);
}

bool has_unknown_effect(const CircuitState& state, std::uint32_t step) {
  return state.steps[step].unknown > 0 && !state.plan.steps[step].idempotent;
}

bool waits_for_approval(const StepRun& step) {
  return step.approval && step.approval->status == ApprovalStatus::waiting &&
         !is_final(step.status);
}

bool falls_back(const CircuitState& state, std::uint32_t step) {
  const auto status = state.steps[step].status;
  return state.plan.steps[step].fallback &&
         (status == TaskStatus::failed || status == TaskStatus::timed_out);
}

std::uint32_t stand_in_of(const CircuitState& state, std::uint32_t step) {
  while (falls_back(state, step)) step = *state.plan.steps[step].fallback;
  return step;
}

bool is_made_good(const CircuitState& state, std::uint32_t step) {
  return falls_back(state, step) &&
         state.steps[stand_in_of(state, step)].status == TaskStatus::succeeded;
}

}  // namespace queenright::roles
