#pragma once

#include <map>

#include "messages/ids.hpp"

namespace queenright::election {

using messages::CircuitId;

/// Circuits as intervals of their numbers, which circuit 0 gives out in order: small, whatever
/// their count.
struct CircuitSet {
  static constexpr auto name = "CircuitSet";
  std::map<CircuitId, CircuitId> intervals;  ///< first to last; no two of them touch

  bool contains(CircuitId circuit) const { return last_from(circuit) != nullptr; }

  /// The end of the interval that the circuit is in; null: it is in none.
  const CircuitId* last_from(CircuitId circuit) const;

  void insert(CircuitId circuit) { insert(circuit, circuit); }
  void insert(CircuitId first, CircuitId last);  ///< both included

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "intervals", self.intervals);
  }
};

}  // namespace queenright::election
