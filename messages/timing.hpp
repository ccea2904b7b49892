#pragma once

#include "messages/ids.hpp"

namespace queenright::messages {

/// How often queens say hello, and for how long one is worth to the queen who hears it. All nodes
/// of a hive are told the same. A lease is between 2.5 and 20 hellos.
struct Timing {
  static constexpr auto name = "Timing";
  Duration hello{};
  Duration lease{};
  bool operator==(const Timing&) const = default;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "hello", self.hello);
    visit(2, "lease", self.lease);
  }
};

inline constexpr Timing usual_timing{std::chrono::milliseconds{50}, std::chrono::milliseconds{150}};

}  // namespace queenright::messages
