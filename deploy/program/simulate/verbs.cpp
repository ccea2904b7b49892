#include "deploy/program/verbs.hpp"

#include <memory>
#include <vector>

#include "deploy/program/simulate/simulate.hpp"
#include "sim/faults/time_text.hpp"

namespace queenright::program {
namespace {

CLI::Option* add_span(CLI::App& sim, const std::string& name, messages::Duration& span,
                      const std::string& meaning) {
  const auto read = [&span, name](const std::string& text) {
    const auto wanted = sim::time_of(text);
    if (!wanted) throw CLI::ValidationError(name, "'" + text + "' is not a span as 50ms");
    span = *wanted;
  };
  return sim.add_option_function<std::string>(name, read, meaning);
}

/// What a scenario has in its file.
std::vector<CLI::Option*> add_hive(CLI::App& sim, SimulateOptions& options) {
  auto* seeds =
      sim.add_option("--seeds,--seed", options.seeds, "A..B, or one: each is a hive of its own");
  auto* queens = sim.add_option("--queens", options.queens)->check(CLI::Range(1, 16));
  auto* workers = sim.add_option("--workers", options.workers)->check(CLI::Range(0, 100));
  auto* circuits =
      sim.add_option("--circuits", options.circuits, "open at once")->check(CLI::Range(0, 10'000));
  auto* hello = add_span(sim, "--hello", options.timing.hello, "between two queens (50ms)");
  auto* lease = add_span(sim, "--lease", options.timing.lease, "what a hello is worth (150ms)");
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
  return {seeds, queens, workers, circuits, hello, lease, hours, faults, lines, hot, harsh};
}

}  // namespace

void add_simulate_verbs(CLI::App& app, Verb& chosen) {
  const auto arguments = std::make_shared<SimulateOptions>();
  auto& options = *arguments;
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
  add_output(*sim, options.output);
  sim->callback([arguments, &chosen] { chosen = [arguments] { return simulate(*arguments); }; });
}

}  // namespace queenright::program
