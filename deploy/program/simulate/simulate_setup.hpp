#pragma once

#include "deploy/program/simulate/simulate.hpp"
#include "election/rules.hpp"
#include "sim/campaign/campaign.hpp"
#include "sim/scenario/scenario.hpp"

/// What the options of `sim` mean. Whatever can't be meant throws Failure (usage).
namespace queenright::program {

/// What can be wrong with any of them.
void check(const SimulateOptions& options);

sim::SeedRange seeds_of(const SimulateOptions& options);

election::Rules rules_of(const std::vector<std::string>& broken);

/// The trial of one seed.
sim::TrialSetup setup_of(const SimulateOptions& options, std::uint64_t seed);

sim::Scenario scenario_of(const std::string& file);
/// The scenario outlives what is made of it.
sim::TrialSetup setup_of(const sim::Scenario& scenario);

/// What to type to have this scenario, or this seed, again.
std::string command_of(const SimulateOptions& options, const std::string& scenario);
std::string command_of(const SimulateOptions& options, std::uint64_t seed);

}  // namespace queenright::program
