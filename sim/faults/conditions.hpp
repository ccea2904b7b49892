#pragma once

#include <map>
#include <set>
#include <span>
#include <utility>

#include "sim/faults/fault.hpp"

namespace queenright::sim {

/// What is wrong at an instant. Faults that overlap add up: a link is whole again when the last
/// that cuts it is over.
struct Conditions {
  std::set<std::pair<NodeId, NodeId>> cuts;  ///< from, to
  std::uint32_t loss{};                      ///< permille, as the next
  std::uint32_t duplicates{};
  Duration delay{};           ///< what comes is late by up to so much
  std::uint64_t bandwidth{};  ///< bytes a second; 0: no limit
  std::set<NodeId> down;
  std::set<NodeId> failing;  ///< not to be started yet, if they are down
  std::set<NodeId> paused;
  std::set<NodeId> barren;  ///< no child can be started
  std::set<NodeId> full;
  std::set<NodeId> lying;
  std::set<NodeId> demoted;
  std::map<NodeId, std::int64_t> rates;  ///< ppm, where it is not 0
  std::map<NodeId, Duration> slow;       ///< each sync, where it is

  bool operator==(const Conditions&) const = default;
};

/// Of unfolded faults, at `now` since the world began.
Conditions conditions_at(std::span<const Fault> unfolded, Duration now);

/// When it is over; the greatest Duration, if never.
Duration end_of(const Fault& fault);

}  // namespace queenright::sim
