#pragma once

#include <optional>
#include <string>
#include <vector>

#include "election/election_state.hpp"

namespace queenright::election {

/// What one queen knows of who leads a circuit, and why it is so.
struct Explanation {
  static constexpr auto name = "Explanation";
  CircuitId circuit;
  NodeId queen;                  ///< who explains
  Instant at;                    ///< by her clock
  std::optional<Ballot> root;    ///< who leads, in which epoch, under which ballot
  std::optional<Instant> since;  ///< this queen has seen that; none: since before her start
  bool acts{};                   ///< she is root, and a majority's leases hold now
  Obstacle obstacle{};           ///< why she does not claim the circuit
  NodeId other;                  ///< who holds the lease, or leads
  std::optional<Instant> until;  ///< of the lease
  std::vector<Bid> bids;         ///< who competed last, the latest at the end

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "circuit", self.circuit);
    visit(2, "queen", self.queen);
    visit(3, "at", self.at);
    visit(4, "root", self.root);
    visit(5, "since", self.since);
    visit(6, "acts", self.acts);
    visit(7, "obstacle", self.obstacle);
    visit(8, "other", self.other);
    visit(9, "until", self.until);
    visit(10, "bids", self.bids);
  }
};

/// In sentences, one a line.
std::string explained(const Explanation& explanation);

}  // namespace queenright::election
