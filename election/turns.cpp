#include "election/turns.hpp"

#include <algorithm>

namespace queenright::election {

std::optional<CircuitId> Turns::next(std::size_t besides) {
  const std::size_t room = at_once - std::min(besides, at_once - always);
  if (waiting.empty() || asked.size() >= room) return std::nullopt;
  auto turn = waiting.upper_bound(last);
  if (turn == waiting.end()) turn = waiting.begin();
  last = *turn;
  waiting.erase(turn);
  return last;
}

void Turns::forget(CircuitId circuit) {
  asked.erase(circuit);
  waiting.erase(circuit);
}

}  // namespace queenright::election
