#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>

#include "deploy/program/failure.hpp"

namespace queenright::program {

/// `--watch`, of verbs that look at what changes.
void add_watch(CLI::App& verb, bool& watch);

/// Prints what `look` gives; with `watch` again each time that it is something else, once a second
/// at most, until the process is ended. On a terminal it takes the place of what was there.
ExitCode show(bool watch, const std::function<std::string()>& look);

}  // namespace queenright::program
