#pragma once

#include <cstddef>
#include <string>

#include "deploy/program/client/remote_hive.hpp"

/// Moving the lead and the work away from where they are.
namespace queenright::program {

struct MoveOptions {
  std::string reason;
  bool dry_run = false;  ///< only says what would move
  bool wait = true;      ///< until it has
  bool quiet = false;    ///< no word of what is left meanwhile
};

/// The queen of the node, by id or name, hands over what she leads, and its worker gets nothing
/// more; gives "node", "name", "draining", "circuits" still led there and "tasks" still running
/// there. Throws Failure: not found, or what the hive says.
messages::Value drain_node(RemoteHive& hive, const std::string& node, const MoveOptions& options);

/// It may lead and work again.
messages::Value undrain_node(RemoteHive& hive, const std::string& node, const MoveOptions& options);

/// The root hands the circuit over; gives "circuit", "from", "root" and "epoch".
messages::Value demote_root(RemoteHive& hive, messages::CircuitId circuit,
                            const MoveOptions& options);

/// What the hive refuses from now on; gives "mode", "was" and "reason".
messages::Value set_mode(RemoteHive& hive, messages::HiveMode mode, const MoveOptions& options);

/// An operator is there, and will be heard of again within that time (zero: need not; nothing: as
/// before); gives "mode" and "was".
messages::Value send_heartbeat(RemoteHive& hive, std::optional<messages::Duration> within,
                               bool dry_run);

std::string drained_text(const messages::Value& drained);
std::string demoted_text(const messages::Value& demoted);
std::string mode_text(const messages::Value& set);

}  // namespace queenright::program
