#include "tests/actors/roles/decisions.hpp"

namespace queenright::roles {
bool waits_for_person(const CircuitState& state, std::uint32_t step) {
  if (!is_settled(state, step))
    return state.steps[step].status == TaskStatus::unknown || waits_for_approval(state.steps[step]);
  if (state.tasks.empty()) return false;
  const auto& last = state.tasks.back();
  return last.rolls_back && last.step == step && last.status == TaskStatus::unknown;
}

messages::Command decision_about(const CircuitState& state, std::uint32_t step,
                                 messages::Resolution resolution) {
  const auto& id = state.plan.steps[step].id;
  if (!waits_for_approval(state.steps[step])) return messages::ResolveStep{id, resolution};
  const auto verdict = resolution == messages::Resolution::skip ? messages::Verdict::reject
                                                                : messages::Verdict::approve;
  return messages::ApproveStep{id, {}, verdict, "somebody", {}};
}

}  // namespace queenright::roles
