#pragma once

#include <map>
#include <optional>
#include <set>
#include <vector>

#include "election/amnesia.hpp"
#include "election/contest.hpp"
#include "election/turns.hpp"
#include "election/watchlist.hpp"
#include "messages/queen_standing.hpp"

namespace queenright::election {

using messages::QueenStanding;

/// How another queen supports this one.
struct Supporter {
  static constexpr auto name = "Supporter";
  SupportEpoch got;  ///< from her
  bool holds{};
  bool heard{};
  bool operator==(const Supporter&) const = default;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "got", self.got);
    visit(2, "holds", self.holds);
    visit(3, "heard", self.heard);
  }
};

/// Durable is what a boot keeps: the promises, what was closed and forgotten, that a journal was
/// lost.
struct ElectionState {
  static constexpr auto name = "ElectionState";
  std::map<CircuitId, Contest> contests;
  Instant booted;
  std::uint64_t random{};
  bool claimed_in_session{};  ///< R11 has something to release
  std::optional<Instant> disconnected_at;
  AmnesiaState amnesia;
  std::vector<CircuitId> closed;  ///< and not yet forgotten, the oldest first (R16)
  CircuitSet forgotten;           ///< R16
  QueenStanding standing{};       ///< whether she is to lead
  std::set<CircuitId> avoided;    ///< not to be led here
  std::set<CircuitId> held;       ///< not claimed before the next boot
  Instant asks_endings_at;
  std::map<NodeId, std::uint32_t> differing_hellos;  ///< in a row, by whom (R13)
  Turns turns;
  Watchlist rootless;                      ///< no live root of them is known
  Watchlist incomplete;                    ///< led or claimed here, and somebody's grant is missing
  std::map<NodeId, Supporter> supporters;  ///< as of the last tick

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "contests", self.contests);
    visit(2, "booted", self.booted);
    visit(3, "random", self.random);
    visit(4, "claimed_in_session", self.claimed_in_session);
    visit(5, "disconnected_at", self.disconnected_at);
    visit(6, "amnesia", self.amnesia);
    visit(7, "closed", self.closed);
    visit(8, "forgotten", self.forgotten);
    visit(9, "standing", self.standing);
    visit(10, "held", self.held);
    visit(11, "asks_endings_at", self.asks_endings_at);
    visit(12, "differing_hellos", self.differing_hellos);
    visit(13, "avoided", self.avoided);
    visit(14, "turns", self.turns);
    visit(15, "rootless", self.rootless);
    visit(16, "incomplete", self.incomplete);
    visit(17, "supporters", self.supporters);
  }
};

/// What became of this queen's part in a circuit.
struct PartChanged {
  enum class Kind : std::uint8_t {
    elected,  ///< she is root, under the ballot that the contest has
    deposed,  ///< she is root no more
    closed    ///< nobody will ever lead it again (R16)
  };
  CircuitId circuit;
  Kind kind{};
};

/// A queen who lost her journal wants to know what this one knows (R14). The caller says one
/// SyncReply for each floor, with the log that she has, and a SyncEnd with their number: all in
/// one envelope, held until it is synced.
struct WantedAnswer {
  NodeId queen;
  Session session;  ///< of hers
  std::map<CircuitId, Epoch> floors;
  CircuitId highest;  ///< for the SyncEnd
};

/// Why a queen does not claim a circuit now.
enum class Obstacle : std::uint8_t {
  none,         ///< she does, after those who come before her
  unknown,      ///< never heard of the circuit
  closed,       ///< nobody will ever lead it again
  not_voting,   ///< she lost her journal and does not know what she promised (R14)
  held,         ///< left alone until the next start
  leads,        ///< she is its root
  claims,       ///< she is its candidate
  unconnected,  ///< no majority supports her
  leased,       ///< promised to another one, who may still be acting
  root_lives,   ///< there is a root, and this queen supports her
  root_heard,   ///< this queen does not hear the root, another one does
  unwilling     ///< she is not to, and another queen could
};
constexpr Obstacle last_enumerator(Obstacle) { return Obstacle::unwilling; }

}  // namespace queenright::election
