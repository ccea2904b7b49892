#pragma once

#include <string>
#include <vector>

#include "deploy/program/help/command_tree.hpp"

/// Scripts that let a shell complete the command line: verbs, options, and values where only some
/// are taken; file names elsewhere.
namespace queenright::program {

std::string bash_completion(const std::vector<CommandEntry>& tree);
std::string zsh_completion(const std::vector<CommandEntry>& tree);
std::string fish_completion(const std::vector<CommandEntry>& tree);

}  // namespace queenright::program
