#include "sim/world/hive_view.hpp"

#include "election/explain.hpp"
#include "election/queen.hpp"

namespace queenright::sim {
namespace {

using election::Queen;
using messages::CircuitId;
using messages::NodeId;

template <class Role>
const Role* role_of(const World& world, NodeId node, messages::RoleId id) {
  if (!world.is_up(node) || world.is_paused(node)) return nullptr;
  return dynamic_cast<const Role*>(world.role(node, id));
}

const Queen* queen_of(const World& world, NodeId node) {
  return role_of<Queen>(world, node, messages::queen_role());
}

}  // namespace

std::vector<NodeId> acting_roots(const World& world, CircuitId circuit) {
  std::vector<NodeId> acting;
  for (const NodeId node : world.queens()) {
    const Queen* queen = queen_of(world, node);
    if (queen != nullptr && queen->election().knows(circuit) && queen->election().acting(circuit))
      acting.push_back(node);
  }
  return acting;
}

const roles::HiveState* hive_state(const World& world) {
  const roles::Hive* latest = nullptr;
  for (const NodeId queen : world.queens()) {
    const auto* hive =
        role_of<roles::Hive>(world, queen, messages::circuit_role(messages::hive_circuit));
    if (hive == nullptr) continue;
    if (latest == nullptr || latest->progress().applied < hive->progress().applied) latest = hive;
  }
  return latest == nullptr ? nullptr : &latest->state();
}

bool is_degraded(const World& world, NodeId queen) {
  const Queen* role = queen_of(world, queen);
  return role != nullptr && role->election().degraded();
}

std::vector<CircuitId> lacking_ends(const World& world, NodeId queen) {
  std::vector<CircuitId> lacking;
  if (const Queen* role = queen_of(world, queen); role != nullptr)
    for (const auto& [circuit, replica] : role->replicas())
      if (role->election().closed(circuit) && !replica.log.closed) lacking.push_back(circuit);
  return lacking;
}

std::string explained(const World& world, NodeId queen, CircuitId circuit) {
  const std::string named = "queen " + std::to_string(queen.value);
  const Queen* role = queen_of(world, queen);
  if (role == nullptr) return named + " is down, or stands still, and explains nothing\n";
  return explained(role->election().explain(circuit)) + named +
         (role->election().degraded()
              ? " is degraded: no majority supports her, so she takes nothing new\n"
              : " is not degraded: a majority supports her\n");
}

std::optional<NodeId> tree_parent(const World& world, NodeId queen, NodeId source) {
  const Queen* role = queen_of(world, queen);
  return role == nullptr ? std::nullopt : role->tree().parent(source);
}

}  // namespace queenright::sim
