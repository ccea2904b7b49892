#include "deploy/program/run/hive_option.hpp"

namespace queenright::program {

void add_hive(CLI::App& verb, HiveAccess& access) {
  verb.add_option("--hive", access.hive,
                  "a hive of real processes: one of its queens' addresses for clients, or the "
                  "directory of dev; also by QUEENRIGHT_HIVE")
      ->envname("QUEENRIGHT_HIVE");
  verb.add_option("--keys", access.keys,
                  "the client's file, where the hive is not this user's own; also by "
                  "QUEENRIGHT_KEYS");
}

}  // namespace queenright::program
