#include "deploy/program/verbs.hpp"

#include <fmt/format.h>

#include <memory>
#include <sstream>

#include "deploy/program/client/hive_mode.hpp"
#include "deploy/program/client/hive_option.hpp"
#include "deploy/program/columns.hpp"
#include "deploy/program/document/values.hpp"
#include "deploy/program/failure.hpp"
#include "deploy/program/formats.hpp"
#include "deploy/program/hint.hpp"
#include "deploy/program/hive/hive_view.hpp"
#include "deploy/program/hive/moves.hpp"
#include "deploy/program/line_of_text.hpp"
#include "deploy/program/watching.hpp"

namespace queenright::program {
namespace {

struct Arguments {
  HiveAccess access{default_hive(), {}};
  std::string output;
  std::uint64_t circuit = 0;
  std::string node;
  MoveOptions moves;
  bool watch = false;
  std::string within;
};
using Shared = std::shared_ptr<Arguments>;

using Look = messages::Value (*)(RemoteHive&, const Arguments&);
using Text = std::string (*)(const messages::Value&);

std::string explanation_text(const messages::Value& explanation) {
  std::istringstream lines(*explanation.map()->at("text").text());
  std::string text;
  for (std::string line; std::getline(lines, line);) text += printable(line) + "\n";
  return text;
}

CLI::App* add(CLI::App& verbs, const Shared& arguments, Verb& chosen, const char* name,
              const char* help, Look look, Text text) {
  auto* added = verbs.add_subcommand(name, help);
  add_output(*added, arguments->output);
  add_hive(*added, arguments->access);
  added->callback([arguments, &chosen, look, text] {
    chosen = [arguments, look, text] {
      RemoteHive hive(arguments->access, false);
      tell_mode(hive);
      const Format format = format_of(arguments->output);
      return show(arguments->watch, [&] {
        const auto seen = look(hive, *arguments);
        return format == Format::human ? text(seen) : formatted(seen, format);
      });
    };
  });
  return added;
}

CLI::App* add_view(CLI::App& verbs, const Shared& arguments, Verb& chosen, const char* name,
                   const char* help, Look look, Text text) {
  auto* added = add(verbs, arguments, chosen, name, help, look, text);
  add_watch(*added, arguments->watch);
  return added;
}

std::string number_of_a_circuit(const std::string& text) {
  const bool digits = !text.empty() && text.size() <= 18 &&
                      text.find_first_not_of("0123456789") == std::string::npos;
  return digits ? "" : "'" + text + "' is no number of a circuit";
}

CLI::App* with_moves(CLI::App* verb, const Shared& arguments) {
  verb->add_flag("--dry-run", arguments->moves.dry_run, "only say what would move");
  verb->add_flag("!--no-wait", arguments->moves.wait, "don't wait until it has");
  return verb;
}

CLI::App* with_reason(CLI::App* verb, const Shared& arguments) {
  verb->add_option("--reason", arguments->moves.reason, "why, for who looks")
      ->check(line_of_text());
  return with_moves(verb, arguments);
}

void add_nodes(CLI::App& app, const Shared& arguments, Verb& chosen) {
  auto* nodes = app.add_subcommand("nodes", "the nodes of a hive");
  nodes->require_subcommand(1);
  add_view(
      *nodes, arguments, chosen, "list", "all, and whether a queen hears them",
      [](RemoteHive& hive, const Arguments&) { return nodes_of(hive); }, nodes_text);
  const auto add_move = [&](const char* name, const char* help, Look look) {
    auto* verb = add(*nodes, arguments, chosen, name, help, look, drained_text);
    verb->add_option("NODE", arguments->node, "its name or id")->required();
    return verb;
  };
  with_reason(add_move("drain", "move roots and tasks away from a node, and wait until they are",
                       [](RemoteHive& hive, const Arguments& asked) {
                         return drain_node(hive, asked.node, asked.moves);
                       }),
              arguments);
  with_moves(add_move("undrain", "let a node lead and work again",
                      [](RemoteHive& hive, const Arguments& asked) {
                        return undrain_node(hive, asked.node, asked.moves);
                      }),
             arguments);
}

template <messages::HiveMode mode>
messages::Value be(RemoteHive& hive, const Arguments& asked) {
  return set_mode(hive, mode, asked.moves);
}

void add_operator(CLI::App& app, const Shared& arguments, Verb& chosen) {
  using messages::HiveMode;
  auto* verbs = app.add_subcommand("operator", "what a hive as a whole does and refuses");
  verbs->require_subcommand(1);
  const auto add_mode = [&](const char* name, const char* help, Look look) {
    auto* verb = add(*verbs, arguments, chosen, name, help, look, mode_text);
    verb->add_option("--reason", arguments->moves.reason, "why, for who is refused")
        ->check(line_of_text());
    verb->add_flag("--dry-run", arguments->moves.dry_run, "only say what the mode is");
  };
  add_mode("drain", "open no more runs; those that are open go on", be<HiveMode::draining>);
  add_mode("safe-mode", "start nothing more at all; finish what runs", be<HiveMode::safe>);
  add_mode("resume", "refuse nothing any more", be<HiveMode::normal>);
  auto* heartbeat = add(
      *verbs, arguments, chosen, "heartbeat",
      "say that somebody looks after the hive; without the next one it goes into safe mode",
      [](RemoteHive& hive, const Arguments& asked) {
        std::optional<messages::Duration> within;
        if (!asked.within.empty() && !(within = duration_of(asked.within)))
          throw Failure(ExitCode::usage, "--within: '" + asked.within + "' is no time, as 24h is");
        return send_heartbeat(hive, within, asked.moves.dry_run);
      },
      mode_text);
  heartbeat->add_option("--within", arguments->within,
                        "when the next one comes at the latest, as 24h (0s: none is expected)");
  heartbeat->add_flag("--dry-run", arguments->moves.dry_run, "only say what the mode is");
}

void add_workers(CLI::App& app, const Shared& arguments, Verb& chosen) {
  auto* workers = app.add_subcommand("workers", "the workers of a hive");
  workers->require_subcommand(1);
  add_view(
      *workers, arguments, chosen, "list", "all that have registered",
      [](RemoteHive& hive, const Arguments&) { return workers_of(hive); }, workers_text);
}

}  // namespace

void add_hive_verbs(CLI::App& app, Verb& chosen) {
  const auto arguments = std::make_shared<Arguments>();
  auto* circuits = app.add_subcommand("circuits", "the circuits of a hive, and who leads them");
  circuits->require_subcommand(1);
  add_view(
      *circuits, arguments, chosen, "list", "all that are open",
      [](RemoteHive& hive, const Arguments&) { return circuits_of(hive); }, circuits_text);
  add_view(
      *circuits, arguments, chosen, "tree", "the ways from a queen to all others",
      [](RemoteHive& hive, const Arguments&) { return tree_of(hive); }, tree_text);
  const auto add_numbered = [&](const char* name, const char* help, Look look, Text text) {
    auto* verb = add(*circuits, arguments, chosen, name, help, look, text);
    verb->add_option("CIRCUIT", arguments->circuit, "its number")
        ->required()
        ->check(number_of_a_circuit);
    return verb;
  };
  add_numbered(
      "explain", "why one is led as it is",
      [](RemoteHive& hive, const Arguments& asked) {
        return explanation_of(hive, messages::CircuitId{asked.circuit});
      },
      explanation_text);
  with_reason(add_numbered(
                  "demote", "let its root hand it over to another queen",
                  [](RemoteHive& hive, const Arguments& asked) {
                    return demote_root(hive, messages::CircuitId{asked.circuit}, asked.moves);
                  },
                  demoted_text),
              arguments);
  add_nodes(app, arguments, chosen);
  add_workers(app, arguments, chosen);
  add_operator(app, arguments, chosen);
}

}  // namespace queenright::program
