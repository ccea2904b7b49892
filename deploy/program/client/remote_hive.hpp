#pragma once

#include <filesystem>
#include <string>

#include "actors/edges/hive_connection.hpp"
#include "deploy/program/client/client.hpp"
#include "deploy/program/configuration/client_keys.hpp"
#include "messages/result.hpp"

namespace queenright::program {

/// Where a hive of real processes is, and by what this client is known to it.
struct HiveAccess {
  std::string hive;            ///< --hive: an address, or a directory which holds client keys
  std::filesystem::path keys;  ///< --keys: a client's file; empty: found by the hive
  bool is_given() const { return !hive.empty() || !keys.empty(); }
};

/// The client's file that is meant; its queens begin with the one of the address. Throws Failure:
/// usage.
ClientKeys client_keys(const HiveAccess& access);

/// A hive elsewhere, as its client sees it.
class RemoteHive {
 public:
  /// Connects to one queen after the other until one answers. Throws Failure: none does.
  RemoteHive(const HiveAccess& access, bool quiet);

  Client& client() { return client_; }

  /// To another queen, where there is one.
  void move_on() { connection_.move_on(); }

  /// Asks for something from a journal. Throws Failure: no queen has it.
  messages::Value ask(const std::string& what, const std::string& subject);

  /// The report of a run that is over, or waits: the queen who is asked may not know so yet.
  messages::Value report(const std::string& run);

 private:
  void connected(const std::string& queen);
  void take(messages::ClientResponse response);
  void refused(const std::string& why);
  void unreached(bool refused);

  RemoteHive(bool quiet, const ClientKeys& keys);

  const bool quiet_;
  const std::size_t queens_;
  // Of the connection's thread.
  std::string queen_;            ///< the last one that was connected
  std::size_t refusals_ = 0;     ///< in a row, of one queen each
  std::size_t unreached_ = 0;    ///< in a row
  std::size_t key_refused_ = 0;  ///< of these, by queens who do not know this client's key

  Client client_;
  edges::HiveConnection connection_;
};

}  // namespace queenright::program
