#pragma once

#include <string>
#include <vector>

#include "deploy/program/help/command_tree.hpp"

namespace queenright::program {

/// "queenright-runs-list": the name of a command's page in section 1 of the manual.
std::string page_name(const CommandEntry& command);

/// Its page, in the language of man(7).
std::string manual_page(const std::vector<CommandEntry>& tree, const CommandEntry& command,
                        const std::string& version);

}  // namespace queenright::program
