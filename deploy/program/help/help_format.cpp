#include "deploy/program/help/help_format.hpp"

#include <sstream>
#include <utility>

#include "deploy/program/columns.hpp"

namespace queenright::program {

std::string HelpFormat::make_help(const CLI::App* app, std::string name,
                                  CLI::AppFormatMode mode) const {
  std::istringstream lines(CLI::Formatter::make_help(app, std::move(name), mode));
  std::string help;
  for (std::string line; std::getline(lines, line);) {
    const std::size_t column = line.starts_with("  ") ? column_width_ : 0;
    help += line.size() <= widest ? line + "\n"
                                  : line.substr(0, column) + last_cell(line.substr(column), column);
  }
  return help;
}

}  // namespace queenright::program
