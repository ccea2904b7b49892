#pragma once

#include <functional>
#include <vector>

#include "sim/faults/fault.hpp"

namespace queenright::sim {

/// Whether these faults still show what is looked for.
using StillShows = std::function<bool(const std::vector<Fault>&)>;

struct Shrunk {
  std::vector<Fault> faults;
  std::size_t tries{};
  bool minimal{};  ///< false: the tries ran out
};

/// The smallest list that still shows it: none of its faults can be left out, none be about fewer
/// nodes, and none last half as long. Asks at most `tries` times; `faults` themselves show it.
Shrunk shrink(std::vector<Fault> faults, const StillShows& still_shows, std::size_t tries);

}  // namespace queenright::sim
