#pragma once

#include <atomic>

#include "sim/campaign.hpp"
#include "sim/shrink.hpp"

namespace queenright::sim {

/// A violation, and what helps to understand it; all of it as the fewest faults show it, where the
/// list of faults alone shows it at all.
struct Finding {
  Violation violation;
  Duration after{};                ///< since the world began
  std::vector<std::string> trace;  ///< the last turns before it, of whom it is about
  std::size_t drawn{};             ///< faults there were
  Shrunk shrunk;                   ///< those which still show it
  bool shrinkable{};               ///< the list of faults alone shows it again
};

/// Runs what was violated again: to trace it, and with ever fewer faults, up to `tries` times.
Finding explained(const SeedResult& failed, const SeedChecks& checks,
                  const std::atomic<bool>& interrupted, std::size_t tries = 200);

}  // namespace queenright::sim
