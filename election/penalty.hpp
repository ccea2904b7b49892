#pragma once

#include <chrono>
#include <cstdint>

#include "messages/ids.hpp"

/// Flap damping: who fails again and again stays away for longer (docs/election.md).
namespace queenright::election {

using messages::Duration;

struct DampingLimits {
  std::uint32_t a_mishap = 1000;
  Duration half_life = std::chrono::seconds{15};
  std::uint32_t suppressed_at = 2500;
  std::uint32_t reusable_at = 750;
};
inline constexpr DampingLimits damping;

/// What mishaps have cost. All times are of one clock.
struct Penalty {
  static constexpr auto name = "Penalty";
  std::uint32_t points{};  ///< as of `since`
  Duration since{};

  /// Half of it is gone after each half-life, and straight in between.
  std::uint32_t left(Duration now) const;
  void add_mishap(Duration now);
  bool suppresses(Duration now) const { return left(now) >= damping.suppressed_at; }
  bool is_small(Duration now) const { return left(now) <= damping.reusable_at; }

  /// From `since` until it is small.
  Duration until_small() const;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "points", self.points);
    visit(2, "since", self.since);
  }
};

}  // namespace queenright::election
