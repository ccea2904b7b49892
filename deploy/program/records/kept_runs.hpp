#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "actors/roles/circuit/circuit_state.hpp"
#include "actors/roles/hive/hive.hpp"
#include "persistence/journal.hpp"
#include "persistence/retention.hpp"

/// The runs that a recording holds: their list, their reports, and slices of them.
namespace queenright::program {

/// The hive circuit's state at the end of the recording.
messages::Result<roles::HiveState> hive_of(const persistence::Recording& recording);

/// A run by its name, or by the number of its circuit.
std::optional<messages::CircuitId> find_run(const roles::HiveState& hive, const std::string& run);

/// The report of a run, from the recorded inputs of its circuit and from nothing else: from the
/// slice that was kept of it in `data`, else from the journal.
messages::Result<messages::Value> report_of_run(const persistence::Recording& journal,
                                                const std::filesystem::path& data,
                                                messages::CircuitId circuit);

/// How a run's circuit is at the end of what is recorded of it. Refused: that is damaged, or the
/// circuit was quarantined.
messages::Result<roles::CircuitState> state_of_run(const persistence::Recording& journal,
                                                   const std::filesystem::path& data,
                                                   messages::CircuitId circuit);

/// All that a run's circuit was told, as a file which replays anywhere.
messages::Result<bool> export_run(const persistence::Recording& recording,
                                  messages::CircuitId circuit, const std::filesystem::path& file);

/// Where the slice of a run goes when its blocks are dropped.
std::filesystem::path kept_slice(const std::filesystem::path& data, messages::CircuitId circuit);

/// That slice; null: the run has none, and the journal holds all that this node has of it.
messages::Result<std::unique_ptr<persistence::Recording>> open_kept_slice(
    const std::filesystem::path& data, messages::CircuitId circuit);

/// Drops blocks beyond the limits; runs that are over and lose blocks are kept as slices first.
messages::Result<bool> drop_old_blocks(persistence::Journal& journal,
                                       const std::filesystem::path& data,
                                       const persistence::RetentionLimits& limits,
                                       messages::WallTime now);

}  // namespace queenright::program
