#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

#include "deploy/program/colour.hpp"
#include "deploy/program/columns.hpp"
#include "deploy/program/failure.hpp"
#include "deploy/program/help/help_format.hpp"
#include "deploy/program/help/usage_error.hpp"
#include "deploy/program/preferences/preferences.hpp"
#include "deploy/program/say.hpp"
#include "deploy/program/verbs.hpp"

/// Picks the verb.
namespace {

using queenright::program::ExitCode;
using queenright::program::Failure;
namespace program = queenright::program;

/// A closed standard stream would be the number of the next file that is opened: what is meant
/// for a person would go into the journal.
void open_standard_streams() {
  int number = 0;
  while (number >= 0 && number <= STDERR_FILENO) number = ::open("/dev/null", O_RDWR);
  ::close(number);
}

/// How to use the program is told whatever is preferred; a node has a file of its own.
bool needs_preferences(const CLI::App& app) {
  return !app.got_subcommand("man") && !app.got_subcommand("completion") &&
         !app.got_subcommand("node");
}

}  // namespace

int main(int argc, char** argv) {
  open_standard_streams();
  CLI::App app{"Queenright: plans that run through crashes, and replay exactly.", "queenright"};
  app.set_version_flag("--version", QUEENRIGHT_VERSION);
  app.require_subcommand(1);
  app.formatter(std::make_shared<program::HelpFormat>());
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
    program::add_no_color(app);
    app.parse(argc, argv);
    if (needs_preferences(app)) program::require_preferences();
    const ExitCode exit_code = chosen();
    if (std::fflush(stdout) != 0)
      throw Failure(ExitCode::unavailable,
                    std::string("stdout can't be written: ") + std::strerror(errno));
    return static_cast<int>(exit_code);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);  // --help, --version
    program::say("{}", program::usage_error(app, {argv + 1, argv + argc}, error));
    return number_of(ExitCode::usage);
  } catch (const Failure& failure) {
    program::say("queenright: {}\n", program::printable(failure.what()));
    return number_of(failure.exit_code());
  } catch (const std::system_error& error) {  // stdout, most of all
    program::say("queenright: {}\n", error.what());
    return number_of(ExitCode::unavailable);
  } catch (const std::exception& error) {
    program::say("queenright: {}\n", error.what());
    return number_of(ExitCode::usage);
  }
}
