#include "deploy/program/simulate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>

#include "deploy/program/output.hpp"
#include "deploy/program/progress.hpp"
#include "deploy/program/say.hpp"
#include "deploy/program/signals.hpp"
#include "deploy/program/simulate_setup.hpp"
#include "deploy/program/status_line.hpp"
#include "election/rule_names.hpp"
#include "sim/finding.hpp"
#include "sim/recordings.hpp"

namespace queenright::program {
namespace {

using messages::Value;
using sim::Finding;
using sim::Totals;
using Seconds = std::chrono::duration<double>;

Value number(std::uint64_t value) { return Value(static_cast<std::int64_t>(value)); }

double seconds(messages::Duration span) { return Seconds(span).count(); }

/// "25.0 min"
std::string for_people(messages::Duration span) {
  const double all = seconds(span);
  if (all < 120) return fmt::format("{:.1f} s", all);
  if (all < 7200) return fmt::format("{:.1f} min", all / 60);
  return fmt::format("{:.1f} h", all / 3600);
}

std::string hash_text(std::uint64_t hash) { return fmt::format("{:016x}", hash); }

/// A violation with the command that repeats it.
struct Failed {
  std::string subject;  ///< "seed 17", or a scenario's file
  std::string command;
  Finding finding;
};

Value json_of(const Totals& totals) {
  return Value::Map{
      {"seeds", number(totals.seeds)},
      {"simulated_ms",
       number(static_cast<std::uint64_t>(totals.simulated / std::chrono::milliseconds{1}))},
      {"turns", number(totals.turns)},
      {"runs", number(totals.runs)},
      {"elections", number(totals.elections)},
      {"faults", number(totals.faults)},
      {"repeated", number(totals.repeated)},
      {"replayed", number(totals.replayed)},
      {"hash", hash_text(totals.hash)}};
}

Value json_of(const Failed& failed) {
  const Finding& finding = failed.finding;
  Value::List faults;
  for (const auto& fault : finding.shrunk.faults) faults.emplace_back(text_of(fault));
  Value::List trace(finding.trace.begin(), finding.trace.end());
  return Value::Map{
      {"subject", failed.subject},
      {"invariant", finding.violation.invariant},
      {"what", finding.violation.what},
      {"at_us", number(static_cast<std::uint64_t>(finding.after / std::chrono::microseconds{1}))},
      {"command", failed.command},
      {"faults", std::move(faults)},
      {"faults_in_all", number(finding.drawn)},
      {"smallest", finding.shrinkable && finding.shrunk.minimal},
      {"trace", std::move(trace)}};
}

void print_human(const Failed& failed) {
  const Finding& finding = failed.finding;
  fmt::print("{}: {} violated after {:.6f} s: {}\n", failed.subject, finding.violation.invariant,
             seconds(finding.after), finding.violation.what);
  fmt::print("  again: {}\n", failed.command);
  const auto left = finding.shrunk.faults.size();
  if (!finding.shrinkable)
    fmt::print("  the {} faults (they alone do not show it again):\n", left);
  else
    fmt::print("  {} of {} faults still show it{}:\n", left, finding.drawn,
               finding.shrunk.minimal ? ", and none fewer" : "");
  for (const auto& fault : finding.shrunk.faults) fmt::print("    {}\n", text_of(fault));
  fmt::print("  the last turns before it:\n");
  for (const auto& line : finding.trace) fmt::print("    {}\n", line);
}

std::string human(const Totals& totals, Seconds elapsed) {
  return fmt::format(
      "{} seeds, {} simulated in {:.1f} s: {} turns, {} runs, {} elections, {} faults; {} repeated "
      "with the same hash, {} replayed identical\n",
      totals.seeds, for_people(totals.simulated), elapsed.count(), totals.turns, totals.runs,
      totals.elections, totals.faults, totals.repeated, totals.replayed);
}

ExitCode list_rules(Format format) {
  if (format == Format::json) {
    Value::List rules;
    for (const auto& rule : election::rule_names())
      rules.push_back(Value::Map{{"name", std::string(rule.name)},
                                 {"rule", std::string(rule.number)},
                                 {"what", std::string(rule.what)}});
    fmt::print("{}", pretty_json(Value(std::move(rules))));
    return ExitCode::success;
  }
  for (const auto& rule : election::rule_names())
    fmt::print("{:<22} {:<6} {}\n", rule.name, rule.number, rule.what);
  return ExitCode::success;
}

/// Runs seeds and scenarios while signals are heard.
class Simulation {
 public:
  explicit Simulation(const SimulateOptions& options)
      : options_(options),
        format_(format_of(options.output)),
        on_terminal_(progress_style(options.quiet) == Progress::Style::terminal) {}

  ExitCode run_seeds() {
    const auto seeds = seeds_of(options_);
    if (!options_.save.empty() && seeds.first != seeds.last)
      throw Failure(ExitCode::usage, "--save is for one seed: give --seeds N");
    setup_of(options_, seeds.first);  // what is wrong with the options is wrong for all seeds
    const auto checks = checks_of([this](std::uint64_t seed) { return setup_of(options_, seed); });
    const auto run_seed = [&](std::uint64_t seed) { return sim::check_seed(seed, checks); };
    const auto result =
        sim::Campaign(run_seed, threads(seeds))
            .run(
                seeds, [&](const Totals& so_far) { tell(seeds, so_far); }, interrupted_);
    if (result.failed)
      failed_.push_back({fmt::format("seed {}", result.failed->seed),
                         command_of(options_, result.failed->seed),
                         explained(*result.failed, checks)});
    totals_ = result.totals;
    if (!options_.save.empty()) save(setup_of(options_, seeds.first));
    return ended();
  }

  ExitCode run_scenarios() {
    std::vector<sim::Scenario> scenarios;
    for (const auto& file : options_.scenarios) {
      auto& broken = scenarios.emplace_back(scenario_of(file)).broken;
      broken.insert(broken.end(), options_.broken.begin(), options_.broken.end());
    }
    if (!options_.save.empty() && scenarios.size() != 1)
      throw Failure(ExitCode::usage, "--save is for one scenario");
    for (const auto& scenario : scenarios) rules_of(scenario.broken);
    for (const auto& scenario : scenarios) {
      if (interrupted_) break;
      const auto checks = checks_of([&](std::uint64_t) { return setup_of(scenario); });
      const auto result = sim::check_seed(scenario.options.seed, checks);
      totals_.add(result);
      if (!result.trial.violations.empty())
        failed_.push_back(
            {scenario.name, command_of(options_, scenario.name), explained(result, checks)});
      else if (format_ == Format::human)
        fmt::print("{}: all {} expectations hold\n", scenario.name, scenario.expectations.size());
    }
    if (!options_.save.empty()) save(setup_of(scenarios.front()));
    return ended();
  }

 private:
  sim::SeedChecks checks_of(std::function<sim::TrialSetup(std::uint64_t)> setup) const {
    return {std::move(setup), true, options_.once};
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
    if (options_.unshrunk) return sim::explained(failed, checks, interrupted_, 0);
    return sim::explained(failed, checks, interrupted_);
  }

  void save(sim::TrialSetup setup) {
    sim::Trial trial(std::move(setup));
    trial.run();
    const auto saved = sim::save_recordings(trial.world(), options_.save);
    if (!saved) throw Failure(ExitCode::usage, "--save: " + saved.reason());
    status_.clear();
    say("queenright: recordings of all nodes are in {0}; 'queenright replay {0}' steps them\n",
        options_.save);
  }

  ExitCode ended() {
    status_.clear();
    if (format_ == Format::json) {
      Value::List violations;
      for (const auto& one : failed_) violations.push_back(json_of(one));
      fmt::print("{}", pretty_json(Value::Map{{"totals", json_of(totals_)},
                                              {"interrupted", interrupted_.load()},
                                              {"violations", std::move(violations)}}));
    } else {
      for (const auto& one : failed_) print_human(one);
      fmt::print("{}{}", failed_.empty() ? "no violation: " : "", human(totals_, elapsed()));
    }
    if (!failed_.empty()) return ExitCode::failed;
    if (interrupted_) say("queenright: interrupted\n");
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
  Totals totals_;
  std::vector<Failed> failed_;
};

}  // namespace

ExitCode simulate(const SimulateOptions& options) {
  if (std::find(options.broken.begin(), options.broken.end(), "list") != options.broken.end())
    return list_rules(format_of(options.output));
  rules_of(options.broken);
  Simulation simulation(options);
  return options.scenarios.empty() ? simulation.run_seeds() : simulation.run_scenarios();
}

}  // namespace queenright::program
