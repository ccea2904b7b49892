#pragma once

#include <map>
#include <vector>

#include "persistence/active_role.hpp"
#include "persistence/sequencer.hpp"

/// What a node consists of, and how its roles begin.
namespace queenright::persistence {

/// The roles that a node always has: a supervisor; a queen with the hive circuit, when it is one
/// of the queens; a worker, when it has slots.
std::vector<messages::RoleId> standing_roles(const messages::Booted& booted);

/// The order in which the roles of a node get their Booted: circuits first, for they must have
/// booted before the queen speaks to them, and she before the worker speaks to her.
std::vector<messages::RoleId> boot_order(const std::map<messages::RoleId, ActiveRole>& roles);

/// A new role. It begins with a snapshot: so each that lives has one, whenever the node may
/// crash, and what is older than all snapshots belongs to none.
ActiveRole born(const messages::Catalogue& catalogue, Sequencer& sequencer, messages::RoleId role);

/// Adds those of the standing roles that were not recovered.
void complete(std::map<messages::RoleId, ActiveRole>& recovered, const messages::Booted& booted,
              const messages::Catalogue& catalogue, Sequencer& sequencer);

/// Between two turns of the role.
void checkpoint(const messages::Catalogue& catalogue, Sequencer& sequencer, const ActiveRole& self);

}  // namespace queenright::persistence
