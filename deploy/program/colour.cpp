#include "deploy/program/colour.hpp"

#include <unistd.h>

#include <array>
#include <cstdlib>
#include <string_view>
#include <utility>

#include "deploy/program/terminal.hpp"

namespace queenright::program {
namespace {

constexpr std::string_view green = "\x1b[32m";
constexpr std::string_view red = "\x1b[31m";
constexpr std::string_view yellow = "\x1b[33m";
constexpr std::string_view plain_again = "\x1b[0m";

constexpr std::array<std::pair<std::string_view, std::string_view>, 6> colours{
    {{"succeeded", green},
     {"failed", red},
     {"timed_out", red},
     {"unknown", red},
     {"waiting", yellow},
     {"awaiting_operator", yellow}}};

}  // namespace

void add_no_color(CLI::App& app) {
  app.add_flag_callback(
      "--no-color", [] { ::setenv("NO_COLOR", "1", 1); }, "no colours; also by NO_COLOR");
  for (auto* verb : app.get_subcommands([](const CLI::App*) { return true; })) add_no_color(*verb);
}

std::string coloured(std::string text, const std::string& status, std::size_t from) {
  if (!is_capable_terminal(STDOUT_FILENO) || is_set("NO_COLOR")) return text;
  const auto at = text.find(status, from);
  if (at == std::string::npos) return text;
  for (const auto& [name, colour] : colours)
    if (name == status) {
      text.insert(at + status.size(), plain_again);
      text.insert(at, colour);
    }
  return text;
}

}  // namespace queenright::program
