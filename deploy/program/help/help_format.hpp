#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace queenright::program {

/// What --help prints, at most as wide as all that people read.
class HelpFormat : public CLI::Formatter {
 public:
  std::string make_help(const CLI::App* app, std::string name,
                        CLI::AppFormatMode mode) const override;
};

}  // namespace queenright::program
