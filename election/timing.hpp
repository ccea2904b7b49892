#pragma once

#include <chrono>

#include "messages/ids.hpp"

/// ELECTION section 2's parameters.
namespace queenright::election::timing {

using messages::Duration;
using std::chrono::microseconds;
using std::chrono::milliseconds;

inline constexpr Duration hello = milliseconds{50};
inline constexpr Duration tick = hello / 2;

/// How long a hello is worth to the queen who supports, by her clock.
inline constexpr Duration support = 3 * hello;

/// And to her who is supported, from when she sent it, by hers: shorter by twice the drift that
/// clocks may have (1 %), so that it ends first whatever the delay (ELECTION section 6).
inline constexpr Duration supported = support * 99 / 101 - microseconds{200};

inline constexpr Duration candidacy = milliseconds{150};
inline constexpr Duration stagger = milliseconds{4};  ///< between the claims of successors
inline constexpr Duration lapse = 2 * hello;          ///< a root without a majority steps down

inline constexpr Duration draining = milliseconds{60};  ///< until a leaving root goes anyhow
inline constexpr Duration request =
    milliseconds{400};  ///< until a command without a root is answered
/// Between two questions about closed circuits which somebody still needs (R16).
inline constexpr Duration endings = std::chrono::seconds{1};

/// A third queen's word counts when it is this much fresher than one's own (R5).
inline constexpr Duration fresher = hello * 3 / 2;

}  // namespace queenright::election::timing
