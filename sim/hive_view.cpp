#include "sim/hive_view.hpp"

namespace queenright::sim {
namespace {

using messages::CircuitId;
using messages::NodeId;

template <class Role>
const Role* role_of(const World& world, NodeId node, messages::RoleId id) {
  if (!world.is_up(node) || world.is_paused(node)) return nullptr;
  return dynamic_cast<const Role*>(world.role(node, id));
}

}  // namespace

// A hive of this version has one queen: she leads what she keeps.
std::vector<NodeId> acting_roots(const World& world, CircuitId circuit) {
  std::vector<NodeId> acting;
  for (const NodeId queen : world.queens())
    if (role_of<messages::Role>(world, queen, messages::circuit_role(circuit)) != nullptr)
      acting.push_back(queen);
  return acting;
}

const roles::HiveState* hive_state(const World& world) {
  const roles::HiveState* latest = nullptr;
  for (const NodeId queen : world.queens()) {
    const auto* hive =
        role_of<roles::Hive>(world, queen, messages::circuit_role(messages::hive_circuit));
    if (hive == nullptr) continue;
    const auto& state = hive->state();
    if (latest == nullptr || latest->progress.applied < state.progress.applied) latest = &state;
  }
  return latest;
}

bool is_degraded(const World&, NodeId) { return false; }

std::optional<NodeId> tree_parent(const World&, NodeId, NodeId) { return std::nullopt; }

}  // namespace queenright::sim
