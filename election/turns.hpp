#pragma once

#include <cstddef>
#include <optional>
#include <set>

#include "messages/ids.hpp"

namespace queenright::election {

using messages::CircuitId;

/// For which circuits a queen asks for grants now, and which wait for their turn, in the order of
/// their numbers and round. When she needs those of thousands at once, to ask for all would keep
/// every queen from her hellos, leases would end, and all would be asked for once more.
struct Turns {
  static constexpr auto name = "Turns";
  static constexpr std::size_t at_once = 256;
  static constexpr std::size_t always = 16;  ///< though much is under way

  std::set<CircuitId> asked;    ///< in this round, and without a majority so far
  std::set<CircuitId> waiting;  ///< for their turn
  CircuitId last;               ///< whose turn it was

  /// What was asked may be asked again, when its turn comes.
  void begin_round() { asked.clear(); }

  /// Whose turn has come, while so many elections are under way besides; none: they wait.
  std::optional<CircuitId> next(std::size_t besides);

  void answered(CircuitId circuit) { asked.erase(circuit); }
  void forget(CircuitId circuit);

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "asked", self.asked);
    visit(2, "waiting", self.waiting);
    visit(3, "last", self.last);
  }
};

}  // namespace queenright::election
