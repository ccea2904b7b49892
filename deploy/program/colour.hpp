#pragma once

#include <CLI/CLI.hpp>
#include <string>

/// Colours in what people read: on a capable terminal, unless --no-color or NO_COLOR is given.
namespace queenright::program {

/// `--no-color`, of the program and of each of its verbs, which are there already.
void add_no_color(CLI::App& app);

/// The text with this status of a run or a step, the first one from there on, in its colour. Lay
/// the text out before: colours have no width.
std::string coloured(std::string text, const std::string& status, std::size_t from);

}  // namespace queenright::program
