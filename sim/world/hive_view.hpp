#pragma once

#include <optional>
#include <vector>

#include "actors/roles/hive/hive.hpp"
#include "sim/world/world.hpp"

/// What can be seen of a hive from outside at an instant, by reading its roles. A node that is
/// down or paused shows nothing.
namespace queenright::sim {

/// The queens who would give orders for it now.
std::vector<messages::NodeId> acting_roots(const World& world, messages::CircuitId circuit);

/// The hive circuit, as the queen has it who has applied most of it; null: nobody has it.
const roles::HiveState* hive_state(const World& world);

/// She takes nothing new, since no majority supports her.
bool is_degraded(const World& world, messages::NodeId queen);

/// Circuits that `queen` knows to be closed, and of whose log she lacks the end.
std::vector<messages::CircuitId> lacking_ends(const World& world, messages::NodeId queen);

/// What `queen` knows of who leads a circuit and why, and whether she is degraded; a line each.
std::string explained(const World& world, messages::NodeId queen, messages::CircuitId circuit);

/// Where `queen` sends what is for `source`.
std::optional<messages::NodeId> tree_parent(const World& world, messages::NodeId queen,
                                            messages::NodeId source);

}  // namespace queenright::sim
