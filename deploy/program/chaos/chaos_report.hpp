#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "deploy/program/chaos/journal_check.hpp"
#include "deploy/program/chaos/planned_fault.hpp"
#include "deploy/program/chaos/run_check.hpp"
#include "deploy/program/formats.hpp"

namespace queenright::program {

struct SufferedFault {
  PlannedFault fault;
  std::string left_out;                                   ///< why; empty: it was suffered
  bool took_root = false;                                 ///< of the hive circuit
  std::optional<std::chrono::milliseconds> agreed_again;  ///< after it, where it took the root
};

/// All there is to tell of a trial.
struct ChaosReport {
  std::uint64_t seed{};
  std::chrono::milliseconds duration{};
  std::size_t queens{};
  std::size_t workers{};
  std::vector<SufferedFault> faults;
  RunCheck runs;
  JournalCheck journals;
  std::vector<std::string> violations;  ///< all of them, those of runs and journals too
  std::string data;                     ///< where all is kept; empty: it is not
};

std::string chaos_text(const ChaosReport& report, Format format);

/// All kinds of faults.
std::string chaos_kinds_text(Format format);

}  // namespace queenright::program
