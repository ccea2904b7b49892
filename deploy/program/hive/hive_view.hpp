#pragma once

#include <optional>
#include <string>

#include "deploy/program/client/remote_hive.hpp"

/// A hive as one of its queens sees it.
namespace queenright::program {

/// A list of the open circuits as the queen who is asked knows them at once: "circuit", "root",
/// "epoch", "acts", "mode" and "refuses".
messages::Value circuits_seen(RemoteHive& hive);

/// The same with what is in her journal: "circuit", "run" (null: the hive circuit), "root" (a
/// node's id, null: none), "epoch", "state", "refuses" (why nothing new is taken, null: it is).
messages::Value circuits_of(RemoteHive& hive);

/// Why a circuit is led as it is: "root", "epoch", "acts", "text".
messages::Value explanation_of(RemoteHive& hive, messages::CircuitId circuit);

/// The way of events from this queen to each other one: "source", "parent", "cost".
messages::Value tree_of(RemoteHive& hive);

/// By name, as registered: "standing", "slots", "capabilities", ... (docs/workers.md).
messages::Value workers_of(RemoteHive& hive);

/// A list of all: "id", "name", "kind", "heard" (lately, by the queen who is asked),
/// "round_trip_microseconds", "draining" (why; null: it is not) and, of a queen, "leads_not" (why;
/// null: she may lead).
messages::Value nodes_of(RemoteHive& hive);

/// Who leads the hive circuit, as the queen sees it who is asked; nothing: nobody.
std::optional<messages::NodeId> root_of(RemoteHive& hive);

std::string circuits_text(const messages::Value& circuits);
std::string tree_text(const messages::Value& tree);
std::string nodes_text(const messages::Value& nodes);
std::string workers_text(const messages::Value& workers);

}  // namespace queenright::program
