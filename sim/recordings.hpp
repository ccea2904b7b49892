#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "messages/result.hpp"
#include "sim/world.hpp"

/// What the nodes of a world have written.
namespace queenright::sim {

/// Replays every node's recording, under the rules which the queens had; what is wrong with the
/// first that is not identical, or damaged though its node runs. Empty: all are identical.
std::string replay_problem(const World& world, const election::Rules& rules);

/// Writes each node's recording as a journal of its own, "DIRECTORY/node-1", which `queenright
/// replay` takes. Refused: there is something already, or it can't be written.
messages::Result<bool> save_recordings(const World& world, const std::filesystem::path& directory);

}  // namespace queenright::sim
