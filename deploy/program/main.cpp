#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <limits>
#include <string>
#include <system_error>
#include <vector>

#include "deploy/program/failure.hpp"
#include "deploy/program/hint.hpp"
#include "deploy/program/inspect.hpp"
#include "deploy/program/replay.hpp"
#include "deploy/program/run.hpp"
#include "deploy/program/say.hpp"
#include "deploy/program/simulate.hpp"
#include "messages/near_name.hpp"

/// Picks the verb.
namespace {

using queenright::program::ExitCode;
using queenright::program::Failure;
using queenright::program::HiveOptions;
using queenright::program::RunOptions;
namespace program = queenright::program;

/// What the verbs' options are read into.
struct Arguments {
  RunOptions run{HiveOptions{program::default_data()}, {}, {}, {}, false};
  program::SimulateOptions simulate;
  std::string subject;  ///< a plan, a run, a recording
  std::string file;
  std::string retry_step, skip_step;
  std::uint64_t until = 0;
  std::uint64_t count = 20;
  bool all = false;
  bool follow = false;
};

using Verb = std::function<ExitCode()>;

void add_data(CLI::App& verb, Arguments& arguments) {
  verb.add_option("--data", arguments.run.hive.data,
                  "the hive's directory; also by QUEENRIGHT_DATA")
      ->check([](const std::string& path) { return path.empty() ? "it is empty" : ""; })
      ->capture_default_str();
}

void add_output(CLI::App& verb, Arguments& arguments,
                const std::string& default_format = "human on a terminal, json elsewhere") {
  verb.add_option("-o,--output", arguments.run.output, "human or json; " + default_format)
      ->check(CLI::IsMember({"human", "json"}));
}

void add_running(CLI::App& verb, Arguments& arguments) {
  add_data(verb, arguments);
  add_output(verb, arguments);
  verb.add_flag("-q,--quiet", arguments.run.quiet, "no progress");
  verb.add_option("--slots", arguments.run.hive.slots,
                  "attempts at once; twice the processors, at least 4")
      ->check(CLI::Range(1, 1024));
  verb.add_option("--keep-bytes", arguments.run.hive.keep_bytes,
                  "of journal; older runs are kept as slices (units: kb, mb, gb; 0: no limit)")
      ->transform(CLI::AsSizeValue(false))
      ->capture_default_str();
  verb.add_option("--keep-days", arguments.run.hive.keep_days, "of journal (0: no limit)")
      ->capture_default_str();
}

void add_run(CLI::App& app, Arguments& arguments, Verb& chosen) {
  auto* run = app.add_subcommand("run", "run a plan and follow it");
  run->add_option("PLAN", arguments.subject, "the plan's file")->required();
  run->add_option("--var", arguments.run.variables, "name=value, overrides one of the plan's vars")
      ->allow_extra_args(false);
  run->add_option("--key", arguments.run.key, "the same key is the same run, however often");
  add_running(*run, arguments);
  run->callback(
      [&] { chosen = [&] { return program::run_plan(arguments.subject, arguments.run); }; });
}

void add_resolving(CLI::App& runs, Arguments& arguments, Verb& chosen) {
  auto* resume = runs.add_subcommand("resume", "take unfinished runs to their end");
  resume->add_option("RUN", arguments.subject, "one run");
  resume->add_flag("--all", arguments.all, "every unfinished run");
  add_running(*resume, arguments);
  resume->callback([&] {
    if (arguments.subject.empty() != arguments.all)
      throw CLI::ValidationError("runs resume", "give a RUN, or --all");
    chosen = [&] {
      return program::resume_runs(arguments.all ? std::nullopt : std::optional(arguments.subject),
                                  arguments.run);
    };
  });

  auto* retry = runs.add_subcommand("retry", "decide about a step of unknown fate");
  retry->add_option("RUN", arguments.subject, "the run")->required();
  auto* step = retry->add_option("--step", arguments.retry_step, "do this step again");
  retry->add_option("--skip", arguments.skip_step, "go on as if this step had succeeded")
      ->excludes(step);
  add_running(*retry, arguments);
  retry->callback([&] {
    if (arguments.retry_step.empty() && arguments.skip_step.empty())
      throw CLI::ValidationError("runs retry", "give --step ID or --skip ID");
    using queenright::messages::Resolution;
    chosen = [&] {
      const bool again = !arguments.retry_step.empty();
      return program::resolve_step(arguments.subject,
                                   {again ? arguments.retry_step : arguments.skip_step,
                                    again ? Resolution::retry : Resolution::skip},
                                   arguments.run);
    };
  });
}

void add_runs(CLI::App& app, Arguments& arguments, Verb& chosen) {
  auto* runs = app.add_subcommand("runs", "the runs of a hive");
  runs->require_subcommand(1);
  auto* list = runs->add_subcommand("list", "all of them, oldest first");
  add_data(*list, arguments);
  add_output(*list, arguments);
  list->callback([&] {
    chosen = [&] { return program::list_runs(arguments.run.hive.data, arguments.run.output); };
  });
  auto* report = runs->add_subcommand("report", "all there is to say of one");
  report->add_option("RUN", arguments.subject, "the run")->required();
  add_data(*report, arguments);
  add_output(*report, arguments);
  report->callback([&] {
    chosen = [&] {
      return program::report_run(arguments.run.hive.data, arguments.subject, arguments.run.output);
    };
  });
  auto* cut = runs->add_subcommand("export", "one as a file that replays anywhere");
  cut->add_option("RUN", arguments.subject, "the run")->required();
  cut->add_option("FILE", arguments.file, "the file to write")->required();
  add_data(*cut, arguments);
  cut->callback([&] {
    chosen = [&] {
      return program::export_run_to(arguments.run.hive.data, arguments.subject, arguments.file);
    };
  });
  add_resolving(*runs, arguments, chosen);
}

void add_looking(CLI::App& app, Arguments& arguments, Verb& chosen) {
  auto* replay = app.add_subcommand("replay", "step a recording again and compare");
  replay->add_option("RECORDING", arguments.subject, "a hive's directory, or an exported run")
      ->required();
  replay->add_option("--until", arguments.until, "stop at this position and print the state")
      ->check(CLI::Range(std::int64_t{1}, std::numeric_limits<std::int64_t>::max()));
  add_output(*replay, arguments, "human unless told");
  replay->callback([&] {
    chosen = [&] {
      return program::replay(arguments.subject, arguments.until, arguments.run.output);
    };
  });

  auto* journal = app.add_subcommand("journal", "a node's message log");
  journal->require_subcommand(1);
  const auto add = [&](const char* name, const char* help, Verb verb) {
    auto* added = journal->add_subcommand(name, help);
    added->add_option("RECORDING", arguments.subject, "a hive's directory, or an exported run")
        ->required();
    added->callback([&chosen, verb = std::move(verb)] { chosen = verb; });
    return added;
  };
  add_output(*add("verify", "look for damage",
                  [&] { return program::verify_journal(arguments.subject, arguments.run.output); }),
             arguments, "human unless told");
  add_output(*add("stat", "what is in it",
                  [&] { return program::stat_journal(arguments.subject, arguments.run.output); }),
             arguments, "human unless told");
  auto* tail = add("tail", "its last inputs", [&] {
    return program::tail_journal(arguments.subject, arguments.count, arguments.follow);
  });
  tail->add_option("-n,--lines", arguments.count, "how many")->capture_default_str();
  tail->add_flag("-f,--follow", arguments.follow, "and all that come");
}

/// What a scenario has in its file.
std::vector<CLI::Option*> add_hive(CLI::App& sim, program::SimulateOptions& options) {
  auto* seeds =
      sim.add_option("--seeds,--seed", options.seeds, "A..B, or one: each is a hive of its own");
  auto* queens = sim.add_option("--queens", options.queens)->check(CLI::Range(1, 16));
  auto* workers = sim.add_option("--workers", options.workers)->check(CLI::Range(0, 100));
  auto* circuits =
      sim.add_option("--circuits", options.circuits, "open at once")->check(CLI::Range(0, 10'000));
  auto* hours = sim.add_option("--hours", options.hours, "of faults, a seed (0: 8 s)");
  auto* faults = sim.add_option(
      "--faults", options.faults,
      "kinds or families, as network,crash; all (but beyond: what no hive promises to bear), "
      "none, or list");
  for (auto* option : {seeds, queens, workers, circuits, faults}) option->capture_default_str();
  auto* lines = sim.add_option("--fault", options.fault_lines,
                               "one fault, as 'at 1s for 300ms crash 1', instead of drawn ones")
                    ->allow_extra_args(false);
  lines->excludes(faults);
  auto* hot = sim.add_flag("--hot", options.hot, "a fault every 80 ms, not every 250");
  auto* harsh = sim.add_flag("--harsh", options.harsh,
                             "winners of elections crash, orders are late and lost");
  return {seeds, queens, workers, circuits, hours, faults, lines, hot, harsh};
}

void add_sim(CLI::App& app, Arguments& arguments, Verb& chosen) {
  auto& options = arguments.simulate;
  auto* sim = app.add_subcommand("sim", "simulate hives under faults, and look for violations");
  const auto of_the_hive = add_hive(*sim, options);
  auto* scenario = sim->add_option("--scenario", options.scenarios,
                                   "a file with a hive, a timeline, what must hold");
  for (auto* option : of_the_hive) scenario->excludes(option);
  sim->add_option("--break", options.broken, "a rule to switch off, or list")
      ->allow_extra_args(false);
  sim->add_flag("--once", options.once, "don't run each seed again for the same hash");
  sim->add_flag("--unshrunk", options.unshrunk, "don't look for the fewest faults that show it");
  sim->add_option("--save", options.save, "where to write the recordings of all nodes");
  sim->add_option("--threads", options.threads, "seeds at once; one a processor")
      ->check(CLI::Range(1, 1024));
  sim->add_flag("-q,--quiet", options.quiet, "no progress");
  sim->add_option("-o,--output", options.output,
                  "human or json; human on a terminal, json elsewhere")
      ->check(CLI::IsMember({"human", "json"}));
  sim->callback([&] { chosen = [&] { return program::simulate(arguments.simulate); }; });
}

}  // namespace

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

int main(int argc, char** argv) {
  open_standard_streams();
  CLI::App app{"Queenright: plans that run through crashes, and replay exactly.", "queenright"};
  app.set_version_flag("--version", QUEENRIGHT_VERSION);
  app.require_subcommand(1);
  Arguments arguments;
  Verb chosen;
  add_run(app, arguments, chosen);
  add_runs(app, arguments, chosen);
  add_looking(app, arguments, chosen);
  add_sim(app, arguments, chosen);
  try {
    app.parse(argc, argv);
    const ExitCode exit_code = chosen();
    if (std::fflush(stdout) != 0)
      throw Failure(ExitCode::unavailable,
                    std::string("stdout can't be written: ") + std::strerror(errno));
    return static_cast<int>(exit_code);
  } catch (const CLI::ParseError& error) {
    if (const auto wrong = unknown_verb(app, argc, argv); !wrong.empty()) {
      program::say("queenright: {}\n", wrong);
      return static_cast<int>(ExitCode::usage);
    }
    const int code = app.exit(error);
    return code == 0 ? 0 : static_cast<int>(ExitCode::usage);
  } catch (const Failure& failure) {
    program::say("queenright: {}\n", failure.what());
    return static_cast<int>(failure.exit_code());
  } catch (const std::system_error& error) {  // stdout, most of all
    program::say("queenright: {}\n", error.what());
    return static_cast<int>(ExitCode::unavailable);
  } catch (const std::exception& error) {
    program::say("queenright: {}\n", error.what());
    return static_cast<int>(ExitCode::usage);
  }
}
