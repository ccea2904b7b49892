#pragma once

#include <atomic>
#include <filesystem>
#include <string>

#include "messages/result.hpp"
#include "sim/world/world.hpp"

/// What the nodes of a world have written.
namespace queenright::sim {

/// What replaying all recordings of a world has shown. Empty texts: nothing is wrong.
struct Replayed {
  std::string problem;     ///< the first that is not identical, or damaged though its node runs
  std::string never_sent;  ///< a promise that one has received, and by the other nobody sent
  bool interrupted{};      ///< not all were read
};

/// Replays every node's recording, under the rules which the queens had. `interrupted`, where there
/// is one, is looked at with every block.
Replayed replay(const World& world, const election::Rules& rules,
                const std::atomic<bool>* interrupted);

/// The metadata of a saved recording that names the rules which were switched off, with blanks
/// between them, as `sim --break` takes them: under all rules it does not replay identical. None:
/// all held.
constexpr const char* broken_rules = "broken-rules";

/// "majority leases": those that are switched off.
std::string names_of_broken(const election::Rules& rules);

/// Why recordings can't be saved there; empty: so far nothing is known that would prevent it.
std::string problem_of(const std::filesystem::path& directory);

/// Writes each node's recording as a journal of its own, "DIRECTORY/node-1", which `queenright
/// replay` takes. All of it is there, or nothing: it is written beside it and renamed. Refused:
/// there is something already, or it can't be written.
messages::Result<bool> save_recordings(const World& world, const std::filesystem::path& directory,
                                       const election::Rules& rules);

}  // namespace queenright::sim
