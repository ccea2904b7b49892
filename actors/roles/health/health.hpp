#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "election/penalty.hpp"
#include "messages/worker.hpp"

/// The health of a worker: what it did wrong by its own fault, and what follows from that. All
/// times are circuit time, all figures integers: the same on every queen.
namespace queenright::roles {

using messages::Duration;
using messages::WorkerStanding;

/// The one table of thresholds; that of the penalty is election/penalty.hpp's.
struct HealthThresholds {
  std::uint32_t degraded_at = 3;                      ///< failures in a row
  std::uint32_t demoted_at = 6;                       ///< failures in a row
  std::uint32_t good_after = 3;                       ///< successes in a row, on probation
  Duration degraded_for = std::chrono::seconds{30};   ///< then probation, unless it is demoted
  Duration first_demotion = std::chrono::seconds{1};  ///< doubled by each that follows
  Duration longest_demotion = std::chrono::seconds{60};
};
inline constexpr HealthThresholds health_thresholds;

struct WorkerHealth {
  static constexpr auto name = "WorkerHealth";
  WorkerStanding standing{};             ///< `lost` is none of its kinds
  std::uint32_t failures{};              ///< in a row
  std::uint32_t successes{};             ///< in a row, on probation
  std::uint32_t demotions{};             ///< since its penalty was small
  election::Penalty penalty;             ///< of demotions
  std::optional<Duration> probation_at;  ///< of who is degraded or demoted
  std::string reason;                    ///< of the last failure

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "standing", self.standing);
    visit(2, "failures", self.failures);
    visit(3, "successes", self.successes);
    visit(4, "demotions", self.demotions);
    visit(5, "penalty", self.penalty);
    visit(7, "probation_at", self.probation_at);
    visit(8, "reason", self.reason);
  }
};

/// Each of these says whether the standing has changed.
bool fail(WorkerHealth& health, const std::string& reason, Duration now);
bool succeed(WorkerHealth& health);
bool pass_time(WorkerHealth& health, Duration now);

}  // namespace queenright::roles
