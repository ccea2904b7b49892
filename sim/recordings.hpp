#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "messages/result.hpp"
#include "sim/world.hpp"

/// What the nodes of a world have written.
namespace queenright::sim {

/// What replaying all recordings of a world has shown. Empty: nothing is wrong.
struct Replayed {
  std::string problem;     ///< the first that is not identical, or damaged though its node runs
  std::string never_sent;  ///< a promise that one has received, and by the other nobody sent
};

/// Under the rules which the queens had.
Replayed replay_all(const World& world, const election::Rules& rules);

/// Writes each node's recording as a journal of its own, "DIRECTORY/node-1", which `queenright
/// replay` takes. Refused: there is something already, or it can't be written.
messages::Result<bool> save_recordings(const World& world, const std::filesystem::path& directory);

}  // namespace queenright::sim
