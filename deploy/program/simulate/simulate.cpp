#include "deploy/program/simulate/simulate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>

#include "deploy/program/run/progress.hpp"
#include "deploy/program/say.hpp"
#include "deploy/program/signals.hpp"
#include "deploy/program/simulate/simulate_report.hpp"
#include "deploy/program/simulate/simulate_setup.hpp"
#include "deploy/program/status_line.hpp"
#include "sim/campaign/recordings.hpp"

namespace queenright::program {
namespace {

using sim::Finding;
using sim::Totals;
using Seconds = std::chrono::duration<double>;

/// Runs seeds and scenarios while signals are heard.
class Simulation {
 public:
  explicit Simulation(const SimulateOptions& options)
      : options_(options),
        format_(format_of(options.output)),
        on_terminal_(progress_style(options.quiet) == Progress::Style::terminal) {}

  ExitCode run_seeds() {
    const auto seeds = seeds_of(options_);
    check_save(seeds.first == seeds.last ? 1 : 2, "--save is for one seed: give --seeds N");
    setup_of(options_, seeds.first);  // what is wrong with the options is wrong for all seeds
    const auto checks = checks_of([this](std::uint64_t seed) { return setup_of(options_, seed); });
    const auto run_seed = [&](std::uint64_t seed) { return sim::check_seed(seed, checks); };
    const auto result =
        sim::Campaign(run_seed, threads(seeds))
            .run(
                seeds, [&](const Totals& so_far) { tell(seeds, so_far); }, interrupted_);
    simulated_.unit = "seed";
    simulated_.wanted = seeds.last - seeds.first + 1;
    simulated_.totals = result.totals;
    if (result.failed) {
      const auto seed = result.failed->seed;
      simulated_.failed.push_back({fmt::format("seed {}", seed), command_of(options_, seed),
                                   explained(*result.failed, checks)});
    }
    save(setup_of(options_, seeds.first));
    return ended();
  }

  ExitCode run_scenarios() {
    std::vector<sim::Scenario> scenarios;
    for (const auto& file : options_.scenarios) {
      auto& scenario = scenarios.emplace_back(scenario_of(file));
      scenario.broken.insert(scenario.broken.end(), options_.broken.begin(), options_.broken.end());
    }
    check_save(scenarios.size(), "--save is for one scenario");
    simulated_.unit = "scenario";
    simulated_.wanted = scenarios.size();
    for (const auto& scenario : scenarios) {
      if (interrupted_) break;
      run(scenario);
    }
    save(setup_of(scenarios.front()));
    return ended();
  }

 private:
  void run(const sim::Scenario& scenario) {
    if (format_ == Format::human && !options_.quiet)
      for (const auto& note : scenario.notes) say("{}\n", note);
    const auto checks = checks_of([&](std::uint64_t) { return setup_of(scenario); });
    const auto result = sim::check_seed(scenario.options.seed, checks);
    simulated_.totals.add(result);
    simulated_.told.insert(simulated_.told.end(), result.trial.told.begin(),
                           result.trial.told.end());
    if (!result.trial.violations.empty())
      simulated_.failed.push_back(
          {scenario.name, command_of(options_, scenario.name), explained(result, checks)});
    else if (format_ == Format::human && !result.trial.interrupted)
      fmt::print("{}: all {} expectations hold\n", scenario.name, scenario.expectations.size());
  }

  sim::SeedChecks checks_of(std::function<sim::TrialSetup(std::uint64_t)> setup) const {
    return {std::move(setup), true, options_.once, &interrupted_};
  }

  unsigned threads(const sim::SeedRange& seeds) const {
    const unsigned wanted = options_.threads == 0
                                ? std::max(std::thread::hardware_concurrency(), 1U)
                                : options_.threads;
    const std::uint64_t more = seeds.last - seeds.first;
    return more < wanted ? static_cast<unsigned>(more) + 1 : wanted;
  }

  void tell(const sim::SeedRange& seeds, const Totals& so_far) {
    if (on_terminal_ && status_.is_due())
      status_.show(fmt::format("sim  {}/{} seeds  {} simulated  {:.0f} s", so_far.seeds,
                               seeds.last - seeds.first + 1, for_people(so_far.simulated),
                               elapsed().count()));
  }

  Finding explained(const sim::SeedResult& failed, const sim::SeedChecks& checks) {
    if (on_terminal_)
      status_.show(fmt::format("sim  {} violated; looking for the fewest faults that show it",
                               failed.trial.violations.front().invariant));
    return options_.unshrunk ? sim::explained(failed, checks, 0) : sim::explained(failed, checks);
  }

  /// Before the work is done that would be lost.
  void check_save(std::size_t wanted, const char* for_one) const {
    if (!options_.save) return;
    if (wanted != 1) throw Failure(ExitCode::usage, for_one);
    if (const auto problem = sim::problem_of(*options_.save); !problem.empty())
      throw Failure(ExitCode::usage, "--save: " + problem);
  }

  void save(sim::TrialSetup setup) {
    if (!options_.save || interrupted_) return;
    setup.interrupted = &interrupted_;
    const auto rules = setup.options.rules;
    sim::Trial trial(std::move(setup));
    if (trial.run().interrupted) return;
    const auto saved = sim::save_recordings(trial.world(), *options_.save, rules);
    if (!saved) throw Failure(ExitCode::usage, "--save: " + saved.reason());
    status_.clear();
    say("queenright: recordings of all nodes are in {0}; 'queenright replay {0}' steps them\n",
        *options_.save);
    if (const auto broken = sim::names_of_broken(rules); !broken.empty())
      say("queenright: they were made, and will be replayed, without {}\n", broken);
  }

  ExitCode ended() {
    status_.clear();
    simulated_.interrupted = interrupted_;
    fmt::print("{}", simulated_text(simulated_, elapsed(), format_));
    if (interrupted_) say("queenright: interrupted\n");
    if (!simulated_.failed.empty()) return ExitCode::failed;
    return interrupted_ ? ExitCode::interrupted : ExitCode::success;
  }

  Seconds elapsed() const { return std::chrono::steady_clock::now() - began_; }

  const SimulateOptions& options_;
  const Format format_;
  const bool on_terminal_;
  const std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
  std::atomic<bool> interrupted_{false};
  Signals::Blocked blocked_;  // before the threads of a campaign
  Signals signals_{[this](int) { interrupted_ = true; }};
  StatusLine status_;
  Simulated simulated_;
};

bool asks_for_list(const std::vector<std::string>& words) {
  return std::find(words.begin(), words.end(), "list") != words.end();
}

}  // namespace

ExitCode simulate(const SimulateOptions& options) {
  if (asks_for_list(options.broken) || options.faults == "list") {
    const Format format = format_of(options.output);
    fmt::print("{}", options.faults == "list" ? faults_text(format) : rules_text(format));
    return ExitCode::success;
  }
  check(options);
  Simulation simulation(options);
  return options.scenarios.empty() ? simulation.run_seeds() : simulation.run_scenarios();
}

}  // namespace queenright::program
