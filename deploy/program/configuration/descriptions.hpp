#pragma once

#include <string>

#include "deploy/program/configuration/client_keys.hpp"
#include "deploy/program/configuration/hive_members.hpp"
#include "deploy/program/configuration/node_config.hpp"
#include "messages/value.hpp"

/// What may be told of a hive's files: all but the secrets.
namespace queenright::program {

/// "hive north: 3 queens, 2 workers", and a line for each node and client.
std::string text_of(const HiveMembers& members);
std::string text_of(const ClientKeys& client);

/// "queen a (1) of hive north: 3 queens, 2 workers; listens on ...".
std::string text_of(const NodeConfig& config);

/// The same for programs (docs/configuration.md).
messages::Value value_of(const HiveMembers& members);
messages::Value value_of(const ClientKeys& client);
messages::Value value_of(const NodeConfig& config);

}  // namespace queenright::program
