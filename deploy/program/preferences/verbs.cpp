#include "deploy/program/verbs.hpp"

#include <fmt/format.h>

#include <memory>

#include "deploy/program/columns.hpp"
#include "deploy/program/formats.hpp"
#include "deploy/program/preferences/preferences.hpp"

namespace queenright::program {
namespace {

struct Arguments {
  std::string output;
  bool show_origin = false;
};

ExitCode view(const Arguments& arguments) {
  const Format format = format_of(arguments.output);
  messages::Value::Map told;
  for (const auto& one : preferences()) {
    if (format == Format::human)
      fmt::print("{:<7} {}{}\n", one.name, one.value.empty() ? "-" : printable(one.value),
                 arguments.show_origin ? "  (" + one.origin + ")" : "");
    if (arguments.show_origin)
      told[one.name] = messages::Value::Map{{"value", one.value}, {"origin", one.origin}};
    else
      told[one.name] = one.value;
  }
  if (format != Format::human) fmt::print("{}", formatted(std::move(told), format));
  return ExitCode::success;
}

}  // namespace

void add_preference_verbs(CLI::App& app, Verb& chosen) {
  const auto arguments = std::make_shared<Arguments>();
  auto* config = app.add_subcommand("config", "what holds where the command line says nothing");
  config->require_subcommand(1);
  auto* shown = config->add_subcommand("view", "all of it");
  shown->add_flag("--show-origin", arguments->show_origin, "and where each value comes from");
  add_output(*shown, arguments->output);
  shown->callback([arguments, &chosen] { chosen = [arguments] { return view(*arguments); }; });
}

}  // namespace queenright::program
