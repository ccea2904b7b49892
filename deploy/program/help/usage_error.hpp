#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace queenright::program {

/// What is wrong with this command line, which `app` did not take, and what to do next: for people.
std::string usage_error(const CLI::App& app, const std::vector<std::string>& words,
                        const CLI::ParseError& error);

}  // namespace queenright::program
