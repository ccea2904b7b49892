#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <deque>
#include <string>
#include <system_error>
#include <vector>

#include "deploy/program/failure.hpp"
#include "deploy/program/say.hpp"
#include "deploy/program/verbs.hpp"
#include "messages/near_name.hpp"

/// Picks the verb.
namespace {

using queenright::program::ExitCode;
using queenright::program::Failure;
namespace program = queenright::program;

/// For a word that stands where a verb should: CLI11 says only that one is missing.
std::string unknown_verb(const CLI::App& app, int argc, char** argv) {
  const CLI::App* at = &app;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    std::deque<std::string> names;
    std::vector<std::string_view> verbs;
    for (const auto* verb : at->get_subcommands([](const CLI::App*) { return true; }))
      verbs.push_back(names.emplace_back(verb->get_name()));
    if (verbs.empty() || word.starts_with("-")) return "";
    if (std::find(verbs.begin(), verbs.end(), word) == verbs.end())
      return fmt::format("there is no verb '{}'{} (there are {})", word,
                         queenright::messages::did_you_mean(word, verbs), fmt::join(verbs, ", "));
    at = at->get_subcommand(word);
  }
  return "";
}

/// A closed standard stream would be the number of the next file that is opened: what is meant
/// for a person would go into the journal.
void open_standard_streams() {
  int number = 0;
  while (number >= 0 && number <= STDERR_FILENO) number = ::open("/dev/null", O_RDWR);
  ::close(number);
}

}  // namespace

int main(int argc, char** argv) {
  open_standard_streams();
  CLI::App app{"Queenright: plans that run through crashes, and replay exactly.", "queenright"};
  app.set_version_flag("--version", QUEENRIGHT_VERSION);
  app.require_subcommand(1);
  program::Verb chosen;
  try {
    program::add_run_verbs(app, chosen);
    program::add_plan_verbs(app, chosen);
    program::add_look_verbs(app, chosen);
    program::add_simulate_verbs(app, chosen);
    program::add_node_verbs(app, chosen);
    program::add_keys_verbs(app, chosen);
    program::add_dev_verbs(app, chosen);
    program::add_hive_verbs(app, chosen);
    program::add_chaos_verbs(app, chosen);
    program::add_preference_verbs(app, chosen);
    program::add_help_verbs(app, chosen);
    app.parse(argc, argv);
    const ExitCode exit_code = chosen();
    if (std::fflush(stdout) != 0)
      throw Failure(ExitCode::unavailable,
                    std::string("stdout can't be written: ") + std::strerror(errno));
    return static_cast<int>(exit_code);
  } catch (const CLI::ParseError& error) {
    if (const auto wrong = unknown_verb(app, argc, argv); !wrong.empty()) {
      program::say("queenright: {}\n", wrong);
      return number_of(ExitCode::usage);
    }
    const int code = app.exit(error);
    return code == 0 ? 0 : number_of(ExitCode::usage);
  } catch (const Failure& failure) {
    program::say("queenright: {}\n", failure.what());
    return number_of(failure.exit_code());
  } catch (const std::system_error& error) {  // stdout, most of all
    program::say("queenright: {}\n", error.what());
    return number_of(ExitCode::unavailable);
  } catch (const std::exception& error) {
    program::say("queenright: {}\n", error.what());
    return number_of(ExitCode::usage);
  }
}
