#pragma once

#include <algorithm>
#include <iterator>
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
  const CircuitId* last_from(CircuitId circuit) const {
    const auto after = intervals.upper_bound(circuit);
    if (after == intervals.begin() || std::prev(after)->second < circuit) return nullptr;
    return &std::prev(after)->second;
  }

  void insert(CircuitId circuit) { insert(circuit, circuit); }
  void insert(CircuitId first, CircuitId last) {
    auto at = intervals.upper_bound(first);
    if (at != intervals.begin() && std::prev(at)->second.value + 1 >= first.value) --at;
    while (at != intervals.end() && at->first.value <= last.value + 1) {
      first = std::min(first, at->first);
      last = std::max(last, at->second);
      at = intervals.erase(at);
    }
    intervals.emplace(first, last);
  }

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "intervals", self.intervals);
  }
};

}  // namespace queenright::election
