#pragma once

#include "deploy/program/chaos/planned_fault.hpp"
#include "deploy/program/configuration/hive_members.hpp"

namespace queenright::program {

struct ChaosChoice {
  std::vector<ChaosKind> kinds;
  std::chrono::milliseconds duration;
  std::vector<Member> nodes;
};

/// A node that a fault has left alone is not touched again for so long: it comes back first.
constexpr std::chrono::milliseconds recovery_time{2000};

/// Faults in the order in which they begin, the same ones for the same seed. All are over by the
/// end. No node suffers two at once; of the queens a minority, but one at least, is interrupted at
/// a time, except that now and then all are parted for less than a second.
std::vector<PlannedFault> draw_faults(std::uint64_t seed, const ChaosChoice& choice);

}  // namespace queenright::program
