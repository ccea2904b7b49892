#pragma once

#include <string>
#include <vector>

#include "deploy/program/configuration/node_config.hpp"

namespace queenright::program {

/// A key that differs between two configurations of a node.
struct ConfigChange {
  std::string key;      ///< "worker.slots"; of members "members.nodes.w1"
  std::string hinders;  ///< why it may not change while the node runs; empty: it may
};

/// All that differs, in the order of the files. A node that runs takes a new configuration
/// only as a whole: when nothing hinders.
std::vector<ConfigChange> changes_between(const NodeConfig& now, const NodeConfig& wanted);

}  // namespace queenright::program
