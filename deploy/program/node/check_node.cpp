#include "deploy/program/node/check_node.hpp"

#include <fmt/format.h>

#include "deploy/program/configuration/descriptions.hpp"
#include "deploy/program/document/refuse_errors.hpp"
#include "deploy/program/formats.hpp"

namespace queenright::program {

ExitCode check_node(const std::filesystem::path& file, const std::string& output) {
  const auto reading = read_node_file(file, node_environment());
  refuse_errors(reading.errors, "the node's configuration");
  if (format_of(output) == Format::human)
    fmt::print("{}", text_of(reading.value));
  else
    fmt::print("{}", formatted(value_of(reading.value), format_of(output)));
  return ExitCode::success;
}

}  // namespace queenright::program
