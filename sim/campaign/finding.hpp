#pragma once

#include "sim/campaign/campaign.hpp"
#include "sim/campaign/shrink.hpp"

namespace queenright::sim {

/// How far the search for the fewest faults that show a violation came.
enum class Search : std::uint8_t {
  not_made,
  in_vain,  ///< the list of all faults alone does not show it again
  stopped,  ///< the tries ran out, or it was interrupted
  done      ///< none can be left out
};

/// A violation, and what helps to understand it; all of it as the fewest faults show it, where the
/// search found some.
struct Finding {
  Violation violation;
  Duration after{};                ///< since the world began
  std::vector<std::string> trace;  ///< the last turns before it, of whom it is about; none when it
                                   ///< was interrupted
  std::size_t drawn{};             ///< faults there were
  std::vector<Fault> faults;       ///< those which still show it
  Search search{};
};

/// Runs what was violated again: to trace it, and with ever fewer faults, up to `tries` times.
Finding explained(const SeedResult& failed, const SeedChecks& checks, std::size_t tries = 200);

}  // namespace queenright::sim
