#include "election/queen_health.hpp"

#include <algorithm>

namespace queenright::election {
namespace {

constexpr auto& limits = queen_health_thresholds;

/// Since when it has not come any further; nothing is waited for once it is there.
void note(std::map<CircuitId, Waiting>& waits, CircuitId circuit, LogIndex at, LogIndex goal,
          Instant now) {
  if (at >= goal) {
    waits.erase(circuit);
    return;
  }
  const auto [known, fresh] = waits.try_emplace(circuit, Waiting{at, now});
  if (!fresh && at > known->second.at) known->second = {at, now};
}

bool waits_since(const Waiting& waiting, Duration span, Instant now) {
  return now - waiting.since >= span;
}

}  // namespace

void QueenHealth::note(const Replica& replica, Instant now) {
  if (!replica.appends()) {
    state_.unsynced.erase(replica.circuit);
    state_.unapplied.erase(replica.circuit);
    return;
  }
  const auto& log = replica.log;
  const auto& lead = replica.lead;
  election::note(state_.unsynced, replica.circuit, lead.durable, lead.announced, now);
  election::note(state_.unapplied, replica.circuit, log.settled, log.commit, now);
}

void QueenHealth::forget(CircuitId circuit) {
  state_.unsynced.erase(circuit);
  state_.unapplied.erase(circuit);
  state_.stuck.erase(circuit);
}

void QueenHealth::woke(Instant due, Instant now, const messages::Timing& timing) {
  const Duration late = now - due;
  if (late < timing.lease - timing.hello) return;
  count_mishap(QueenStanding::late, now);
  for (auto* waits : {&state_.unsynced, &state_.unapplied})  // she did not look: it may be there
    for (auto& [circuit, waiting] : *waits) waiting.since = waiting.since + late;
}

void QueenHealth::lost_majority(Instant now) { count_mishap(QueenStanding::flapping, now); }

void QueenHealth::count_mishap(QueenStanding of_what, Instant now) {
  state_.penalty.add_mishap(now.since_boot);
  if (state_.penalty.suppresses(now.since_boot) && state_.standing == QueenStanding::good)
    state_.standing = of_what;
}

bool QueenHealth::look(Instant now) {
  std::erase_if(state_.stuck, [&](const auto& one) { return now >= one.second; });
  for (const auto& [circuit, waiting] : state_.unapplied)
    if (waits_since(waiting, limits.unapplied, now))
      state_.stuck.try_emplace(circuit, now + limits.avoided_for);
  if (state_.standing != QueenStanding::good) {
    if (!state_.asks_disk && state_.penalty.is_small(now.since_boot)) state_.standing = {};
    return false;
  }
  const bool stalled =
      std::any_of(state_.unsynced.begin(), state_.unsynced.end(),
                  [&](const auto& one) { return waits_since(one.second, limits.unsynced, now); });
  if (!stalled) return false;
  state_.standing = QueenStanding::stalled;
  state_.penalty.add_mishap(now.since_boot);
  state_.asks_disk = true;
  return true;
}

std::set<CircuitId> QueenHealth::stuck() const {
  std::set<CircuitId> circuits;
  for (const auto& [circuit, until] : state_.stuck) circuits.insert(circuit);
  return circuits;
}

}  // namespace queenright::election
