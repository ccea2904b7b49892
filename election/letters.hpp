#pragma once

#include <map>
#include <utility>
#include <vector>

#include "messages/item.hpp"

namespace queenright::election {

/// What one step wants to say, to other queens and to this queen's own circuits: sent at its
/// end, everything for one of them as one envelope.
class Letters {
 public:
  void begin(std::vector<messages::NodeId> others) { others_ = std::move(others); }

  void to(messages::NodeId queen, messages::Item item) {
    letters_[queen].push_back(std::move(item));
  }
  /// She gets an envelope, though there may be nothing to say but that this queen is in contact.
  void greet(messages::NodeId queen) { letters_.try_emplace(queen); }

  void to_all(const messages::Item& item) {
    for (const auto queen : others_) to(queen, item);
  }
  void to_circuit(messages::CircuitId circuit, messages::Item item) {
    orders_[circuit].push_back(std::move(item));
  }
  /// It retires: what this step wanted to say to it is not said.
  void nothing_to_circuit(messages::CircuitId circuit) { orders_.erase(circuit); }

  std::map<messages::NodeId, std::vector<messages::Item>> take() {
    return std::exchange(letters_, {});
  }
  std::map<messages::CircuitId, std::vector<messages::Item>> take_orders() {
    return std::exchange(orders_, {});
  }

 private:
  std::vector<messages::NodeId> others_;
  std::map<messages::NodeId, std::vector<messages::Item>> letters_;
  std::map<messages::CircuitId, std::vector<messages::Item>> orders_;
};

}  // namespace queenright::election
