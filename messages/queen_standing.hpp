#pragma once

#include <cstdint>
#include <string_view>

namespace queenright::messages {

/// Whether a queen is to lead, and why not.
enum class QueenStanding : std::uint8_t {
  good,
  recovering,  ///< her journal was lost
  stopping,    ///< her node starts nothing new, and says why in its log
  drained,     ///< a person has said so
  demoted,     ///< likewise, to this node alone
  stalled,
  late,
  flapping
};
constexpr QueenStanding last_enumerator(QueenStanding) { return QueenStanding::flapping; }

/// In words that follow her name; empty: she may lead.
constexpr std::string_view reason_of(QueenStanding standing) {
  switch (standing) {
    case QueenStanding::good: return "";
    case QueenStanding::recovering: return "has lost her journal and recovers what she promised";
    case QueenStanding::stopping: return "takes nothing new, as its log tells";
    case QueenStanding::drained: return "is drained";
    case QueenStanding::demoted: return "was demoted";
    case QueenStanding::stalled: return "has a disk that does not get on";
    case QueenStanding::late: return "takes her steps too late";
    case QueenStanding::flapping: return "gains and loses majorities";
  }
  return "";
}

}  // namespace queenright::messages
