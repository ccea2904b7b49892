#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "deploy/program/formats.hpp"
#include "sim/campaign/finding.hpp"

/// What `queenright sim` says, for people and as JSON. For people no line is wider than 100
/// columns, but for commands, which are there to be copied.
namespace queenright::program {

/// A violation with the command that repeats it.
struct Failed {
  std::string subject;  ///< "seed 17", or a scenario's file
  std::string command;
  sim::Finding finding;
};

/// What became of all that was to be simulated.
struct Simulated {
  std::string unit;  ///< "seed"
  std::uint64_t wanted{};
  sim::Totals totals;
  std::vector<Failed> failed;
  std::vector<std::string> told;  ///< what scenarios wanted explained
  bool interrupted{};
};

/// "25.0 min"
std::string for_people(messages::Duration span);

std::string simulated_text(const Simulated& simulated, std::chrono::duration<double> elapsed,
                           Format format);

std::string rules_text(Format format);   ///< all that `--break` takes
std::string faults_text(Format format);  ///< all that `--faults` and `--fault` take

}  // namespace queenright::program
