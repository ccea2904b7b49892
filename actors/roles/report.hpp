#pragma once

#include "actors/roles/circuit/circuit_state.hpp"
#include "actors/roles/hive/hive.hpp"

namespace queenright::roles {

/// All there is to say of a run, computed from its circuit's state and from nothing else: the
/// same bytes from a live circuit and from the journal alone.
messages::Value report_of(const CircuitState& state);
messages::Value report_of_quarantined(messages::CircuitId circuit, const std::string& reason);

/// The hive's list of runs, oldest first.
messages::Value runs_of(const HiveState& state);

/// The hive's registry of workers: all there is to say of each, by name.
messages::Value workers_of(const HiveState& state);

/// 2026-11-21T09:48:00.123Z
std::string iso_time(messages::WallTime time);

}  // namespace queenright::roles
