#pragma once

#include "messages/ids.hpp"

namespace queenright::messages {

/// A queen's life, from a boot or a bulk release (R11) to the next: incarnation << 32 | count.
using Session = Id<struct SessionTag, std::uint64_t>;

/// Counts the times that a queen took her support from one other queen away; starts at her
/// incarnation << 32, so that it never repeats. 0: no support.
using SupportEpoch = Id<struct SupportEpochTag, std::uint64_t>;

/// Counts the hellos from one queen to another, from 1.
using HelloNumber = Id<struct HelloTag, std::uint64_t>;

inline Session first_session(Incarnation incarnation) {
  return {static_cast<std::uint64_t>(incarnation.value) << 32U};
}
inline Incarnation incarnation_of(Session session) {
  return {static_cast<std::uint32_t>(session.value >> 32U)};
}

/// Who wants to lead a circuit, or leads it. Ordered by its fields; the higher one wins.
struct Ballot {
  static constexpr auto name = "Ballot";
  Epoch epoch;          ///< unique for each elected root (R6.5)
  std::uint16_t tie{};  ///< tie_of(circuit, queen): spreads roots over the queens
  NodeId queen;
  Session session;
  auto operator<=>(const Ballot&) const = default;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "epoch", self.epoch);
    visit(2, "tie", self.tie);
    visit(3, "queen", self.queen);
    visit(4, "session", self.session);
  }
};

/// The epoch of a circuit that can never have a root again (R16).
inline constexpr Epoch closed_epoch{0xFFFFFFFF};

/// Rendezvous weight of a queen for a circuit (Thaler and Ravishankar 1998): the same on every
/// queen, and for each circuit another order of them.
std::uint16_t tie_of(CircuitId circuit, NodeId queen);

}  // namespace queenright::messages
