#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

/// The program's own verbs and options, as data: what completion and manual pages are made from.
namespace queenright::program {

struct OptionEntry {
  std::vector<std::string> names;  ///< as they are typed: "-o", "--output"
  std::string value;               ///< what it takes, such as TEXT; empty: nothing
  std::string help;
  std::vector<std::string> choices;  ///< where only these are taken
};

struct CommandEntry {
  std::vector<std::string> words;  ///< "queenright", "runs", "list"
  std::string help;
  std::vector<std::string> positionals;  ///< "PLAN"
  std::vector<OptionEntry> options;
  std::vector<std::string> verbs;  ///< what may come next
};

/// All commands, each before those below it, in the order of the program's help.
std::vector<CommandEntry> command_tree(const CLI::App& app);

}  // namespace queenright::program
