#include "election/circuit_set.hpp"

#include <algorithm>
#include <iterator>

namespace queenright::election {

const CircuitId* CircuitSet::last_from(CircuitId circuit) const {
  const auto after = intervals.upper_bound(circuit);
  if (after == intervals.begin() || std::prev(after)->second < circuit) return nullptr;
  return &std::prev(after)->second;
}

void CircuitSet::insert(CircuitId first, CircuitId last) {
  auto at = intervals.upper_bound(first);
  if (at != intervals.begin() && std::prev(at)->second.value + 1 >= first.value) --at;
  while (at != intervals.end() && at->first.value <= last.value + 1) {
    first = std::min(first, at->first);
    last = std::max(last, at->second);
    at = intervals.erase(at);
  }
  intervals.emplace(first, last);
}

}  // namespace queenright::election
