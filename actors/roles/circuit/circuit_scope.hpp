#pragma once

#include <optional>
#include <string_view>

#include "actors/roles/circuit/circuit_state.hpp"
#include "actors/roles/plan/expression.hpp"

namespace queenright::roles {

using StepPlaces = std::map<std::string, std::uint32_t, std::less<>>;

/// What an expression of one step, or of one task of its fan-out, can see of the run.
class CircuitScope : public Scope {
 public:
  CircuitScope(const CircuitState& state, const StepPlaces& places, std::uint32_t step,
               std::optional<std::uint32_t> element);

  std::optional<Found> find(std::span<const std::string> path) const override;
  bool any_failed() const override { return state_.steps[step_].needs_failed; }

 private:
  std::optional<Found> find_step(std::span<const std::string> path) const;

  const CircuitState& state_;
  const StepPlaces& places_;
  std::uint32_t step_;
  const messages::Value* item_ = nullptr;
  messages::Value index_;
};

}  // namespace queenright::roles
