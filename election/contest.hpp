#pragma once

#include <map>
#include <optional>
#include <set>
#include <vector>

#include "election/bid.hpp"
#include "messages/election_item.hpp"

namespace queenright::election {

using messages::Ballot;
using messages::CircuitId;
using messages::Epoch;
using messages::Instant;
using messages::NodeId;
using messages::SupportEpoch;
using messages::View;

/// The ballots that one queen has granted without a break of her support.
struct GrantSpan {
  static constexpr auto name = "GrantSpan";
  Ballot lowest;
  Ballot highest;
  SupportEpoch support;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "lowest", self.lowest);
    visit(2, "highest", self.highest);
    visit(3, "support", self.support);
  }
};

/// What one queen is in the election of one circuit.
enum class Part : std::uint8_t { follower, candidate, root };
constexpr Part last_enumerator(Part) { return Part::root; }

/// The election of one circuit, as one queen has it (ELECTION section 3).
struct Contest {
  static constexpr auto name = "Contest";

  // Durable: rebuilt by replay, and kept by a boot.
  Ballot promised;  ///< P: nothing lower is ever granted
  bool released{};  ///< its holder gave it up
  bool yielded{};   ///< and had never been elected with it: its epoch may be granted again

  bool from_disk{};  ///< promised before the last boot (R15)
  View view;         ///< V: the highest ballot that is known to be elected
  Epoch highest;     ///< of all epochs heard of

  std::set<NodeId> ended;  ///< durable; who needs nothing of this closed circuit (R16)

  // Of this queen as candidate or root.
  Part part{};
  Ballot led;       ///< as root
  Ballot claimed;   ///< as candidate; as root, while she claims a higher one (R10)
  bool own_vote{};  ///< her own promise of `claimed` is durable
  std::map<NodeId, GrantSpan> grants;
  Ballot dead;  ///< the highest of hers that she gave up

  std::optional<Ballot> parked;      ///< the best claim that a lease stands against (R6.4)
  std::optional<Instant> probed_at;  ///< its holder
  std::optional<Instant> doubts_at;  ///< the holder is asked, unless she was elected by then
  std::optional<Instant> claim_at;
  std::optional<Instant> claim_ends;  ///< Tclaim
  std::optional<Instant> lapses_at;   ///< a root without a majority steps down

  std::set<NodeId> forgotten_by;  ///< who has nothing of this closed circuit any more
  std::vector<Bid> bids;          ///< for people

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "promised", self.promised);
    visit(2, "released", self.released);
    visit(3, "yielded", self.yielded);
    visit(4, "from_disk", self.from_disk);
    visit(5, "view", self.view);
    visit(6, "highest", self.highest);
    visit(7, "part", self.part);
    visit(8, "led", self.led);
    visit(9, "claimed", self.claimed);
    visit(10, "own_vote", self.own_vote);
    visit(11, "grants", self.grants);
    visit(12, "dead", self.dead);
    visit(13, "parked", self.parked);
    visit(14, "probed_at", self.probed_at);
    visit(15, "claim_at", self.claim_at);
    visit(16, "claim_ends", self.claim_ends);
    visit(17, "lapses_at", self.lapses_at);
    visit(18, "ended", self.ended);
    visit(19, "bids", self.bids);
    visit(20, "doubts_at", self.doubts_at);
    visit(21, "forgotten_by", self.forgotten_by);
  }
};

inline bool closes(const Ballot& ballot) { return ballot.epoch == messages::closed_epoch; }

/// The view of a closed circuit is the same everywhere, whoever completed the closing.
inline constexpr Ballot closed_ballot{messages::closed_epoch, 0, {}, {}};
inline bool is_closed(const Contest& contest) { return closes(contest.view.ballot); }

/// Nobody ever acts under a ballot that closes, so none of them stands above another (R16).
inline bool is_below(const Ballot& one, const Ballot& other) {
  return one < other && !(closes(one) && closes(other));
}

/// The highest ballot of an epoch, of nobody: what is promised to it is granted to none (R14).
inline Ballot floor_ballot(Epoch epoch) { return {epoch, 0xFFFF, {0xFFFF}, {~std::uint64_t{0}}}; }

/// The next one to claim with; once closing was heard of, only that is left (R16).
inline Epoch next_epoch(const Contest& contest) {
  return contest.highest < messages::closed_epoch ? Epoch{contest.highest.value + 1}
                                                  : messages::closed_epoch;
}

}  // namespace queenright::election
