#include "deploy/program/client/hive_option.hpp"

namespace queenright::program {

void add_hive(CLI::App& verb, HiveAccess& access) {
  verb.add_option(
      "--hive", access.hive,
      "a hive of several nodes: one of its queens' addresses for clients, or a directory "
      "with a client's file, as dev and keys new make it; also by QUEENRIGHT_HIVE");
  verb.add_option("--keys", access.keys,
                  "the client's file, where the hive is not this user's own; also by "
                  "QUEENRIGHT_KEYS");
}

}  // namespace queenright::program
