#pragma once

#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "messages/ids.hpp"

namespace queenright::election {

/// When each circuit next wants to be looked at.
class Alarms {
 public:
  void set(messages::CircuitId circuit, std::optional<messages::Instant> at) {
    const auto known = of_.find(circuit);
    if (known != of_.end()) {
      if (at && *at == known->second) return;
      order_.erase({known->second, circuit});
      of_.erase(known);
    }
    if (!at) return;
    order_.emplace(*at, circuit);
    of_.emplace(circuit, *at);
  }

  std::optional<messages::Instant> next() const {
    if (order_.empty()) return std::nullopt;
    return order_.begin()->first;
  }

  /// Takes the circuits out whose time has come, the earliest first.
  std::vector<messages::CircuitId> take_due(messages::Instant now) {
    std::vector<messages::CircuitId> due;
    while (!order_.empty() && order_.begin()->first <= now) {
      due.push_back(order_.begin()->second);
      of_.erase(due.back());
      order_.erase(order_.begin());
    }
    return due;
  }

 private:
  std::set<std::pair<messages::Instant, messages::CircuitId>> order_;
  std::map<messages::CircuitId, messages::Instant> of_;
};

}  // namespace queenright::election
