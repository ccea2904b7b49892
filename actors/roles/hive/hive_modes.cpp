#include <chrono>
#include <utility>

#include "actors/roles/hive/hive.hpp"
#include "actors/roles/report.hpp"

/// What the hive refuses as a whole: as its operator wants it, or for want of an operator.
namespace queenright::roles {

using messages::AppliedEntry;
using messages::CommittedEntry;
using messages::Duration;
using messages::HiveMode;

namespace {

constexpr Duration longest_silence = std::chrono::hours{24 * 366};

}  // namespace

std::string way_out(const HiveState& state) {
  return state.attendance.missed ? "'queenright operator heartbeat'"
                                 : "'queenright operator resume'";
}

void Hive::set_mode(const messages::SetMode& wanted, const CommittedEntry& entry,
                    AppliedEntry& made) {
  expect_the_operator(entry);
  enter(wanted.mode, wanted.reason, made);
}

void Hive::hear(const messages::Heartbeat& heartbeat, const CommittedEntry& entry,
                AppliedEntry& made) {
  auto& attendance = state_.attendance;
  const auto within = heartbeat.within.value_or(attendance.within);
  if (within < Duration{} || within > longest_silence) {
    made.refused = "the next heartbeat is to come within at most a year";
    return;
  }
  if (!heartbeat.within && within == Duration{}) {
    made.refused = "no heartbeat is expected; 'queenright operator heartbeat --within 24h' begins";
    return;
  }
  attendance.within = within;
  const bool missed = attendance.missed;
  expect_the_operator(entry);
  if (missed) enter(attendance.before, std::exchange(attendance.reason_before, {}), made);
  made.result = std::string(name_of(state_.mode));
}

void Hive::expect_the_operator(const CommittedEntry& entry) {
  auto& attendance = state_.attendance;
  attendance.due = entry.circuit_time + attendance.within;
  attendance.heard = entry.wall;
  attendance.missed = false;
}

bool Hive::expects_an_operator() const {
  return state_.attendance.within > Duration{} && !state_.attendance.missed;
}

void Hive::miss_the_operator(Duration circuit_time, AppliedEntry& made) {
  auto& attendance = state_.attendance;
  if (!expects_an_operator() || circuit_time < attendance.due) return;
  attendance.missed = true;
  attendance.before = state_.mode;
  attendance.reason_before = state_.mode_reason;
  enter(HiveMode::safe, "no heartbeat of an operator since " + iso_time(attendance.heard), made);
}

/// Where nothing new is started, each run is offered every worker as a draining one.
void Hive::enter(HiveMode mode, std::string reason, AppliedEntry& made) {
  const bool started = starts_attempts(state_.mode);
  state_.mode = mode;
  state_.mode_reason = std::move(reason);
  if (starts_attempts(state_.mode) == started) return;
  for (const auto& [worker, record] : state_.workers) tell_circuits(worker, made);
}

}  // namespace queenright::roles
