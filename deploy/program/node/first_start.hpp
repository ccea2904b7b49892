#pragma once

#include <string>
#include <vector>

#include "deploy/program/configuration/node_config.hpp"

namespace queenright::program {

/// What a node is told once in its life, by a person who knows it.
struct FirstStart {
  bool founding = false;  ///< the hive has never run: an empty journal is none that was lost

  /// A majority of the queens lost their journals for good, and these are all that have theirs, by
  /// name; none: there was no such loss.
  std::vector<std::string> survivors;
};

/// Whether this node goes on with the journal that it had before the loss.
bool survives(const FirstStart& start, const NodeConfig& config);

/// The survivors' ids. Throws Failure when what was said can't be, for this hive and this node.
std::vector<messages::NodeId> survivors_of(const FirstStart& start, const NodeConfig& config);

/// Throws Failure when the journal that was found, or not found, is against what was said.
void check_first_start(const FirstStart& start, const NodeConfig& config, bool journal_is_new);

}  // namespace queenright::program
