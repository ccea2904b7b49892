#include "election/watchlist.hpp"

#include <algorithm>

namespace queenright::election {

std::vector<CircuitId> Watchlist::next() {
  std::vector<CircuitId> due;
  due.reserve(std::min(circuits.size(), at_once));
  auto turn = circuits.upper_bound(last);
  for (auto left = std::min(circuits.size(), at_once); left > 0; --left, ++turn) {
    if (turn == circuits.end()) turn = circuits.begin();
    due.push_back(*turn);
  }
  if (circuits.size() > at_once) last = due.back();
  return due;
}

}  // namespace queenright::election
