#pragma once

#include <algorithm>

#include "messages/timing.hpp"

/// The spans of time that elections count on (docs/election.md), as they follow from a hive's
/// timing.
namespace queenright::election::timing {

using messages::Duration;
using messages::Timing;
using std::chrono::microseconds;
using std::chrono::milliseconds;

constexpr Duration tick(const Timing& timing) { return timing.hello / 2; }

/// How long a hello is worth to her who is supported, from when she sent it, by her clock: shorter
/// than to the queen who supports by twice the drift that clocks may have (1 %), so that it ends
/// first whatever the delay.
constexpr Duration supported(const Timing& timing) {
  return timing.lease * 99 / 101 - microseconds{200};
}

/// A root without a majority steps down.
constexpr Duration lapse(const Timing& timing) { return 2 * timing.hello; }

/// A third queen's word counts when it is this much fresher than one's own (R5).
constexpr Duration fresher(const Timing& timing) { return timing.hello * 3 / 2; }

/// For how long a claim waits for its votes: where hellos are slow, so are grants.
constexpr Duration candidacy(const Timing& timing) {
  return std::max<Duration>(milliseconds{150}, timing.lease);
}

/// Until a command without a root is answered: a silent root is replaced by then.
constexpr Duration request(const Timing& timing) { return 2 * (timing.lease + timing.hello); }

// What does not follow from it.

inline constexpr Duration stagger = milliseconds{4};    ///< between the claims of successors
inline constexpr Duration draining = milliseconds{60};  ///< until a leaving root goes anyhow

/// Between two questions about closed circuits which somebody still needs (R16).
inline constexpr Duration endings = std::chrono::seconds{1};

}  // namespace queenright::election::timing
