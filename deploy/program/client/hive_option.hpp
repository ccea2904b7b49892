#pragma once

#include <CLI/CLI.hpp>

#include "deploy/program/client/remote_hive.hpp"

namespace queenright::program {

/// `--hive` and `--keys`, of verbs that can be about a hive elsewhere.
void add_hive(CLI::App& verb, HiveAccess& access);

}  // namespace queenright::program
