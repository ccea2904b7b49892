#pragma once

#include <string>
#include <utility>
#include <vector>

#include "election/queen.hpp"
#include "sim/invariants/violation.hpp"
#include "sim/world/world.hpp"

namespace queenright::sim {

/// What invariants have in common: they collect what is wrong.
class Invariants : public Watcher {
 public:
  const std::vector<Violation>& violations() const override { return violations_; }

 protected:
  void violate(messages::Instant at, std::string invariant, std::string what,
               std::optional<messages::CircuitId> circuit = {},
               std::vector<messages::NodeId> nodes = {}) {
    violations_.push_back({at, std::move(invariant), std::move(what), circuit, std::move(nodes)});
  }

 private:
  std::vector<Violation> violations_;
};

/// Of every item that a turn wants sent.
template <class Visit>
void each_item_sent(std::span<const messages::Effect> effects, Visit visit) {
  for (const auto& effect : effects)
    if (const auto* send = std::get_if<messages::Send>(&effect.body))
      for (const auto& item : send->items) visit(send->to, item);
}

/// Of every item that came in with a turn.
template <class Visit>
void each_item_taken(const messages::Input& input, Visit visit) {
  if (const auto* envelope = std::get_if<messages::Envelope>(&input.body))
    for (const auto& item : envelope->items) visit(envelope->from, item);
}

/// None before she has booted: what a recovery has rebuilt is of the life before.
inline const election::Queen* queen_at(const World& world, messages::NodeId node) {
  if (!world.is_up(node)) return nullptr;
  const auto* queen =
      dynamic_cast<const election::Queen*>(world.role(node, messages::queen_role()));
  if (queen == nullptr) return nullptr;
  const auto booted = messages::incarnation_of(queen->support().state().session);
  return booted < world.incarnation(node) ? nullptr : queen;
}

inline std::string text_of(messages::CircuitId circuit) {
  return "circuit " + std::to_string(circuit.value);
}
inline std::string text_of(messages::NodeId node) { return std::to_string(node.value); }

}  // namespace queenright::sim
