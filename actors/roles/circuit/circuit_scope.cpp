#include "actors/roles/circuit/circuit_scope.hpp"

namespace queenright::roles {

using messages::Value;

namespace {
const Value none;
}

CircuitScope::CircuitScope(const CircuitState& state, const StepPlaces& places, std::uint32_t step,
                           std::optional<std::uint32_t> element)
    : state_(state), places_(places), step_(step) {
  if (!element) return;
  item_ = &(*state.steps[step].elements.list())[*element];
  index_ = Value(static_cast<std::int64_t>(*element));
}

std::optional<Scope::Found> CircuitScope::find(std::span<const std::string> path) const {
  if (path[0] == "item" && item_ != nullptr) return Found{item_, 1};
  if (path[0] == "index" && item_ != nullptr) return Found{&index_, 1};
  if (path[0] == "vars" && path.size() > 1) {
    const auto found = state_.plan.vars.find(path[1]);
    if (found != state_.plan.vars.end()) return Found{&found->second, 2};
  }
  if (path[0] == "steps" && path.size() > 2) return find_step(path);
  return std::nullopt;
}

std::optional<Scope::Found> CircuitScope::find_step(std::span<const std::string> path) const {
  const auto place = places_.find(path[1]);
  if (place == places_.end()) return std::nullopt;
  const bool made_good = is_made_good(state_, place->second);
  const auto& step = state_.steps[made_good ? stand_in_of(state_, place->second) : place->second];
  const auto& outputs = step.outputs;
  const std::string_view refusal =
      step.outputs_cut
          ? "was cut (64 KiB of a task and 16 MiB of a run are kept): hand it over in a "
            "file instead"
          : "";
  if (path[2] == "outputs") return Found{&outputs, 3, refusal};
  if (path[2] != "output") return std::nullopt;
  const auto* list = outputs.list();
  return Found{list == nullptr || list->empty() ? &none : &list->front(), 3, refusal};
}

}  // namespace queenright::roles
