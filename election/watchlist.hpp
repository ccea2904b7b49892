#pragma once

#include <cstddef>
#include <set>
#include <vector>

#include "messages/ids.hpp"

namespace queenright::election {

using messages::CircuitId;

/// Circuits that a queen looks at with each tick until nothing is left to do for them; of
/// thousands only some, in the order of their numbers and round, so that her hellos are in time.
struct Watchlist {
  static constexpr auto name = "Watchlist";
  static constexpr std::size_t at_once = 1024;

  std::set<CircuitId> circuits;
  CircuitId last;  ///< that was looked at

  void insert(CircuitId circuit) { circuits.insert(circuit); }
  void erase(CircuitId circuit) { circuits.erase(circuit); }
  bool contains(CircuitId circuit) const { return circuits.contains(circuit); }

  /// Those to be looked at now.
  std::vector<CircuitId> next();

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "circuits", self.circuits);
    visit(2, "last", self.last);
  }
};

}  // namespace queenright::election
