#pragma once

#include <vector>

#include "messages/ballot.hpp"

namespace queenright::election {

/// What became of a ballot, as far as one queen knows.
enum class Fate : std::uint8_t {
  standing,   ///< hers, claimed
  granted,    ///< she promised the circuit to it
  elected,    ///< a majority granted it (R7)
  outbid,     ///< hers, gave way to a higher one (R8)
  rejected,   ///< a promise stands in its way for ever (R6.2, R6.5)
  parked,     ///< behind a lease (R6.4)
  timed_out,  ///< hers, no majority answered in time (R8)
  given_up,   ///< by its holder (R9 to R11)
  closed      ///< it closed the circuit (R16)
};
constexpr Fate last_enumerator(Fate) { return Fate::closed; }

/// One ballot of a circuit's recent past: for people, nothing is decided by it.
struct Bid {
  static constexpr auto name = "Bid";
  messages::Ballot ballot;
  Fate fate{};
  messages::Ballot against;  ///< what outbid or rejected it, or holds the lease
  messages::Instant at;      ///< since when, by this queen's clock

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "ballot", self.ballot);
    visit(2, "fate", self.fate);
    visit(3, "against", self.against);
    visit(4, "at", self.at);
  }
};

/// Adds a bid, or says what became of one that is there; forgets the oldest.
void record(std::vector<Bid>& bids, const Bid& bid);

}  // namespace queenright::election
