#include "deploy/program/simulate/simulate_setup.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "deploy/program/configuration/timing_bounds.hpp"
#include "election/rule_names.hpp"
#include "messages/near_name.hpp"
#include "sim/faults/time_text.hpp"
#include "sim/invariants/all.hpp"
#include "sim/scenario/judge.hpp"
#include "sim/scenario/script.hpp"

namespace queenright::program {
namespace {

constexpr double longest_hours = 24;
constexpr messages::Duration longest_lease = std::chrono::milliseconds{500};

[[noreturn]] void refuse(const std::string& what) { throw Failure(ExitCode::usage, what); }

std::uint64_t seed_of(const std::string& text, const std::string& all) {
  std::uint64_t seed = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seed);
  if (error != std::errc{} || end != text.data() + text.size())
    refuse(fmt::format("--seeds {}: write a seed, as 17, or A..B, as 1..1000", all));
  return seed;
}

template <class T>
T required(messages::Result<T> result, const std::string& option) {
  if (!result) refuse(option + ": " + result.reason());
  return std::move(result).value();
}

sim::Layout layout_of(const SimulateOptions& options) { return {options.queens, options.workers}; }

sim::Phases phases_of(const SimulateOptions& options) {
  if (!(options.hours >= 0 && options.hours <= longest_hours))  // nor is it a number at all
    refuse(fmt::format("--hours {}: from 0 to {}", options.hours, longest_hours));
  sim::Phases phases;
  using Hours = std::chrono::duration<double, std::ratio<3600>>;
  if (options.hours > 0)
    phases.faults = std::chrono::duration_cast<std::chrono::milliseconds>(Hours{options.hours});
  return phases;
}

std::vector<sim::Fault> faults_of(const SimulateOptions& options, const sim::Phases& phases,
                                  std::uint64_t seed) {
  const auto layout = layout_of(options);
  std::vector<sim::Fault> written;
  for (const auto& line : options.fault_lines) {
    auto fault = required(sim::parse_fault(line), "--fault '" + line + "'");
    if (const auto problem = problem_of(fault, layout); !problem.empty())
      refuse("--fault '" + line + "': " + problem);
    if (fault.at >= phases.end())
      refuse("--fault '" + line + "': this hive's life ends before it, at " +
             sim::time_text(phases.end()));
    written.push_back(std::move(fault));
  }
  auto kinds = required(sim::parse_fault_kinds(options.faults), "--faults");
  if (!written.empty()) return written;
  sim::FaultChoice choice{std::move(kinds), layout,      options.circuits,
                          phases,           options.hot, options.harsh};
  return sim::FaultDraw(seed, std::move(choice)).schedule();
}

/// As many clients as circuits, but no more than four: the others are opened by the same ones.
void put_load(sim::Options& world, std::uint32_t circuits) {
  world.clients = std::min(circuits, 4U);
  world.runs_at_once = world.clients == 0 ? 0 : (circuits + world.clients - 1) / world.clients;
}

std::string word(const std::string& text) {
  return text.find(' ') == std::string::npos ? text : "'" + text + "'";
}

}  // namespace

void check(const SimulateOptions& options) {
  if (const auto wrong = wrong_hello(options.timing.hello)) refuse("--hello: " + *wrong);
  if (const auto wrong = wrong_lease(options.timing)) refuse("--lease: " + *wrong);
  if (options.timing.lease > longest_lease)
    refuse("--lease " + sim::time_text(options.timing.lease) +
           ": the lives of simulated hives are short, at most " + sim::time_text(longest_lease));
  rules_of(options.broken);
  for (auto one = options.broken.begin(); one != options.broken.end(); ++one)
    if (std::find(options.broken.begin(), one, *one) != one)
      refuse("--break " + *one + " is there twice");
}

sim::SeedRange seeds_of(const SimulateOptions& options) {
  const auto& text = options.seeds;
  const auto dots = text.find("..");
  const sim::SeedRange range{
      seed_of(text.substr(0, dots), text),
      seed_of(dots == std::string::npos ? text : text.substr(dots + 2), text)};
  if (range.last < range.first)
    refuse(fmt::format("--seeds {}: the last is before the first", text));
  return range;
}

election::Rules rules_of(const std::vector<std::string>& broken) {
  election::Rules rules;
  std::vector<std::string_view> names{"list"};
  for (const auto& rule : election::rule_names()) names.push_back(rule.name);
  for (const auto& name : broken) {
    const auto rule = election::rule_of(name);
    if (!rule)
      refuse(fmt::format("there is no rule '{}'{}; 'queenright sim --break list' shows all", name,
                         messages::did_you_mean(name, names)));
    rules.set_broken(*rule);
  }
  return rules;
}

sim::TrialSetup setup_of(const SimulateOptions& options, std::uint64_t seed) {
  sim::TrialSetup setup;
  setup.options.seed = seed;
  setup.options.queens = options.queens;
  setup.options.workers = options.workers;
  setup.options.timing = options.timing;
  setup.options.exit_proof = false;  // it is a fault of its own
  setup.options.alike = false;
  setup.options.time_to_live = std::chrono::seconds{6};
  setup.options.rules = rules_of(options.broken);
  setup.options.reads = options.harsh;
  put_load(setup.options, options.circuits);
  setup.phases = phases_of(options);
  setup.faults = faults_of(options, setup.phases, seed);
  setup.winners_crash = options.harsh && options.fault_lines.empty();
  setup.watchers = [faults = setup.faults] { return sim::invariants_for(faults, true); };
  return setup;
}

sim::Scenario scenario_of(const std::string& file) {
  auto scenario = sim::read_scenario(file);
  if (!scenario) refuse(scenario.reason());
  return std::move(scenario).value();
}

sim::TrialSetup setup_of(const sim::Scenario& scenario) {
  sim::TrialSetup setup;
  setup.options = scenario.options;
  setup.options.rules = rules_of(scenario.broken);
  setup.phases = {scenario.end, {}, {}};
  setup.faults = scenario.faults;
  setup.doings = doings_of(scenario);
  setup.watchers = [&scenario] {
    std::vector<std::unique_ptr<sim::Watcher>> watchers;
    watchers.push_back(std::make_unique<sim::Judge>(scenario));
    for (auto& invariant : sim::invariants_for(scenario.faults, false))
      watchers.push_back(std::move(invariant));
    return watchers;
  };
  return setup;
}

std::string command_of(const SimulateOptions& options, const std::string& scenario) {
  std::string command = "queenright sim --scenario " + scenario;
  for (const auto& rule : options.broken) command += " --break " + rule;
  return command;
}

std::string command_of(const SimulateOptions& options, std::uint64_t seed) {
  const SimulateOptions usual;
  std::string command =
      fmt::format("queenright sim --seeds {} --queens {} --workers {} --circuits {}", seed,
                  options.queens, options.workers, options.circuits);
  if (options.timing != usual.timing)
    command += fmt::format(" --hello {} --lease {}", sim::time_text(options.timing.hello),
                           sim::time_text(options.timing.lease));
  if (options.hours > 0) command += fmt::format(" --hours {}", options.hours);
  if (options.faults != usual.faults) command += " --faults " + word(options.faults);
  for (const auto& rule : options.broken) command += " --break " + rule;
  if (options.hot) command += " --hot";
  if (options.harsh) command += " --harsh";
  for (const auto& line : options.fault_lines) command += " --fault " + word(line);
  return command;
}

}  // namespace queenright::program
