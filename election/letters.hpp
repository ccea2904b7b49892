#pragma once

#include <map>
#include <utility>
#include <vector>

#include "messages/item.hpp"

namespace queenright::election {

/// What queens say to each other.
using Saying = messages::Item;

/// What one step wants to say to other queens, by queen: sent at its end, as one envelope each.
class Letters {
 public:
  void begin(std::vector<messages::NodeId> others) { others_ = std::move(others); }

  void to(messages::NodeId queen, Saying item) { letters_[queen].push_back(std::move(item)); }
  void to_all(const Saying& item) {
    for (const auto queen : others_) to(queen, item);
  }
  std::map<messages::NodeId, std::vector<Saying>> take() { return std::exchange(letters_, {}); }

 private:
  std::vector<messages::NodeId> others_;
  std::map<messages::NodeId, std::vector<Saying>> letters_;
};

}  // namespace queenright::election
