#pragma once

#include "election/timing.hpp"

/// The timing of hives in tests, and what follows from it.
namespace queenright::election::usual {

inline constexpr messages::Timing of_hives = messages::usual_timing;
inline constexpr messages::Duration hello = of_hives.hello;
inline constexpr messages::Duration lease = of_hives.lease;
inline constexpr messages::Duration supported = timing::supported(of_hives);
inline constexpr messages::Duration lapse = timing::lapse(of_hives);
inline constexpr messages::Duration fresher = timing::fresher(of_hives);

}  // namespace queenright::election::usual
