#include "deploy/program/verbs.hpp"

#include <limits>
#include <memory>

#include "deploy/program/look/inspect.hpp"
#include "deploy/program/look/replay.hpp"

namespace queenright::program {
namespace {

/// What the verbs' options are read into.
struct Arguments {
  std::string recording;
  std::string output;
  std::uint64_t until = 0;
  std::uint64_t count = 20;
  bool follow = false;
};
using Shared = std::shared_ptr<Arguments>;

constexpr const char* recording_help = "a hive's directory, or an exported run";

void add_replay(CLI::App& app, const Shared& arguments, Verb& chosen) {
  auto* verb = app.add_subcommand("replay", "step a recording again and compare");
  verb->add_option("RECORDING", arguments->recording, recording_help)->required();
  verb->add_option("--until", arguments->until, "stop at this position and print the state")
      ->check(CLI::Range(std::int64_t{1}, std::numeric_limits<std::int64_t>::max()));
  add_output(*verb, arguments->output);
  verb->callback([arguments, &chosen] {
    chosen = [arguments] {
      return replay(arguments->recording, arguments->until, arguments->output);
    };
  });
}

void add_journal(CLI::App& app, const Shared& arguments, Verb& chosen) {
  auto* journal = app.add_subcommand("journal", "a node's message log");
  journal->require_subcommand(1);
  const auto add = [&](const char* name, const char* help, Verb verb) {
    auto* added = journal->add_subcommand(name, help);
    added->add_option("RECORDING", arguments->recording, recording_help)->required();
    add_output(*added, arguments->output);
    added->callback([&chosen, verb = std::move(verb)] { chosen = verb; });
    return added;
  };
  add("verify", "look for damage",
      [arguments] { return verify_journal(arguments->recording, arguments->output); });
  add("stat", "what is in it",
      [arguments] { return stat_journal(arguments->recording, arguments->output); });
  auto* tail = add("tail", "its last inputs", [arguments] {
    return tail_journal(arguments->recording, arguments->count, arguments->follow,
                        arguments->output);
  });
  tail->add_option("-n,--lines", arguments->count, "how many")
      ->check(CLI::Range(std::int64_t{0}, std::numeric_limits<std::int64_t>::max()))
      ->capture_default_str();
  tail->add_flag("-f,--follow", arguments->follow, "and all that come");
}

}  // namespace

void add_look_verbs(CLI::App& app, Verb& chosen) {
  const auto arguments = std::make_shared<Arguments>();
  add_replay(app, arguments, chosen);
  add_journal(app, arguments, chosen);
}

}  // namespace queenright::program
