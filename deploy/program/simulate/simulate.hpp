#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "deploy/program/failure.hpp"
#include "messages/timing.hpp"

/// `queenright sim`: whole hives in this process, under faults, on virtual clocks.
namespace queenright::program {

struct SimulateOptions {
  std::string seeds = "1..100";  ///< "A..B", or one
  std::uint32_t queens = 3;
  std::uint32_t workers = 2;
  std::uint32_t circuits = 3;  ///< open at once
  messages::Timing timing = messages::usual_timing;
  double hours = 0;                      ///< of faults, a seed; 0: 8 s
  std::string faults = "all";            ///< or "list"
  std::vector<std::string> fault_lines;  ///< instead of drawn ones
  std::vector<std::string> scenarios;
  std::vector<std::string> broken;  ///< names of rules, or "list"
  std::optional<std::string> save;  ///< a directory for the recordings of one seed or scenario
  std::string output;
  unsigned threads = 0;  ///< 0: one a processor
  bool hot = false;
  bool harsh = false;
  bool once = false;
  bool unshrunk = false;  ///< a violation is told with all faults there were
  bool quiet = false;
};

/// Exit codes: success, failed (a violation), usage, interrupted.
ExitCode simulate(const SimulateOptions& options);

}  // namespace queenright::program
