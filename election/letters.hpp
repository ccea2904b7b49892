#pragma once

#include <map>
#include <utility>
#include <variant>
#include <vector>

#include "messages/election_item.hpp"
#include "messages/pair_item.hpp"

namespace queenright::election {

/// What queens say to each other about who leads.
using Saying =
    std::variant<messages::Contact, messages::Hello, messages::Claim, messages::Grant,
                 messages::OwnVote, messages::Reject, messages::Parked, messages::Released,
                 messages::Probe, messages::View, messages::ViewDigests>;

/// Held until the promise in it is synced (ELECTION section 7); all else promises nothing.
inline bool is_held(const Saying& saying) {
  return std::holds_alternative<messages::Grant>(saying) ||
         std::holds_alternative<messages::OwnVote>(saying);
}

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
