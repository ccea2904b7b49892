#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "messages/worker.hpp"

/// The health of a worker: what it did wrong by its own fault, and what follows from that. All
/// times are circuit time, all figures integers: the same on every queen.
namespace queenright::roles {

using messages::Duration;
using messages::WorkerStanding;

/// The one table of thresholds (ELECTION section 8 for the penalty).
struct HealthThresholds {
  std::uint32_t degraded_at = 3;                      ///< failures in a row
  std::uint32_t demoted_at = 6;                       ///< failures in a row
  std::uint32_t good_after = 3;                       ///< successes in a row, on probation
  Duration degraded_for = std::chrono::seconds{30};   ///< then probation, unless it is demoted
  Duration first_demotion = std::chrono::seconds{1};  ///< doubled by each that follows
  Duration longest_demotion = std::chrono::seconds{60};
  std::uint32_t penalty = 1000;                   ///< of a demotion
  Duration half_life = std::chrono::seconds{15};  ///< of the penalty
  std::uint32_t suppressed_at = 2500;             ///< penalties together
  std::uint32_t reusable_at = 750;  ///< who was suppressed waits until so little is left
};
inline constexpr HealthThresholds health_thresholds;

struct WorkerHealth {
  static constexpr auto name = "WorkerHealth";
  WorkerStanding standing{};  ///< `lost` is none of its kinds
  std::uint32_t failures{};   ///< in a row
  std::uint32_t successes{};  ///< in a row, on probation
  std::uint32_t demotions{};  ///< since its penalty was small
  std::uint32_t penalty{};    ///< at `penalized`
  Duration penalized{};
  std::optional<Duration> probation_at;  ///< of who is degraded or demoted
  std::string reason;                    ///< of the last failure

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "standing", self.standing);
    visit(2, "failures", self.failures);
    visit(3, "successes", self.successes);
    visit(4, "demotions", self.demotions);
    visit(5, "penalty", self.penalty);
    visit(6, "penalized", self.penalized);
    visit(7, "probation_at", self.probation_at);
    visit(8, "reason", self.reason);
  }
};

/// Each of these says whether the standing has changed.
bool fail(WorkerHealth& health, const std::string& reason, Duration now);
bool succeed(WorkerHealth& health);
bool pass_time(WorkerHealth& health, Duration now);

/// What is left of the penalty: half of it after each half-life, and straight in between.
std::uint32_t penalty_at(const WorkerHealth& health, Duration now);

}  // namespace queenright::roles
