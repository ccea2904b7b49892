#pragma once

#include <map>
#include <utility>
#include <vector>

#include "messages/item.hpp"

namespace queenright::election {

/// What one step wants to say to other queens, by queen: sent at its end, as one envelope each.
class Letters {
 public:
  void begin(std::vector<messages::NodeId> others) { others_ = std::move(others); }

  void to(messages::NodeId queen, messages::Item item) {
    letters_[queen].push_back(std::move(item));
  }
  void to_all(const messages::Item& item) {
    for (const auto queen : others_) to(queen, item);
  }
  std::map<messages::NodeId, std::vector<messages::Item>> take() {
    return std::exchange(letters_, {});
  }

 private:
  std::vector<messages::NodeId> others_;
  std::map<messages::NodeId, std::vector<messages::Item>> letters_;
};

}  // namespace queenright::election
