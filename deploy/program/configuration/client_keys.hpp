#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "actors/sockets/keys.hpp"
#include "deploy/program/configuration/address.hpp"
#include "deploy/program/document/document.hpp"

namespace queenright::program {

/// By what a client is known to a hive, and whom it asks: `NAME.client.yaml`, which is secret.
struct ClientKeys {
  struct Queen {
    std::string name;
    Address address;  ///< for clients
    std::string key;  ///< the public half
  };

  std::string hive;
  std::string id;  ///< of the hive
  std::string client;
  sockets::KeyPair keys;
  std::vector<Queen> queens;  ///< at least one
};

/// Refused unless only its owner may read it. `keys` are of one pair.
Reading<ClientKeys> read_client_file(const std::filesystem::path& path);

/// The text of the file, which reads as the same keys.
std::string yaml_of(const ClientKeys& keys);

}  // namespace queenright::program
