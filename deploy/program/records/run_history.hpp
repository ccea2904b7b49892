#pragma once

#include <filesystem>
#include <vector>

#include "actors/roles/hive/hive.hpp"
#include "persistence/journal.hpp"

namespace queenright::program {

/// What has happened in a run since an entry of its circuit's log, in order: by all that its
/// circuit was told, so that nothing has to be remembered for those who were away. Refused: this
/// node has not got all of that (its queen was away herself), or not yet the end that `hive` has.
/// Precondition: `hive` has the run.
messages::Result<std::vector<messages::RunEvent>> history_of_run(
    const persistence::Recording& journal, const std::filesystem::path& data,
    const roles::HiveState& hive, messages::CircuitId circuit, messages::LogIndex since);

}  // namespace queenright::program
