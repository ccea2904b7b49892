#include "election/election.hpp"

#include <algorithm>
#include <utility>

#include "election/random.hpp"
#include "election/timing.hpp"

namespace queenright::election {

Election::Election(ElectionState state, Support& support, Letters& letters, const Rules& rules)
    : support_(support), letters_(letters), rules_(rules) {
  restore(std::move(state));
}

void Election::restore(ElectionState state) {
  state_ = std::move(state);
  alarms_ = {};
  views_ = {};
  for (auto& [circuit, contest] : state_.contests) {
    set_alarm(circuit, contest);
    views_.replace({circuit, {}, false}, contest.view);
  }
}

/// Promises and views survive; whatever was under way does not.
void Election::boot(std::uint64_t seed, Instant now) {
  now_ = now;
  state_.random = seed;
  state_.booted = now;
  state_.claimed_in_session = false;
  state_.disconnected_at.reset();
  state_.standing = {};
  state_.avoided.clear();
  state_.held.clear();
  state_.turns = {};
  state_.asks_endings_at = now;
  amnesia_.boot(now);
  wanted_.clear();
  state_.rootless = state_.incomplete = {};
  state_.supporters.clear();
  state_.differing_hellos.clear();
  for (auto& [circuit, contest] : state_.contests) {
    Contest kept;
    kept.promised = contest.promised;
    kept.released = contest.released;
    kept.yielded = contest.yielded;
    kept.view = contest.view;
    kept.highest = contest.highest;
    kept.ended = std::move(contest.ended);
    kept.from_disk = true;
    if (kept.promised != kept.view.ballot)
      kept.doubts_at = now + 2 * timing::candidacy(support_.timing());
    contest = std::move(kept);
    set_alarm(circuit, contest);
    state_.rootless.insert(circuit);
  }
}

void Election::hold(const std::vector<CircuitId>& circuits) {
  state_.held.insert(circuits.begin(), circuits.end());
}

void Election::open(CircuitId circuit, bool opener) {
  if (forgotten(circuit)) return;
  auto& contest = state_.contests[circuit];
  contest.view.circuit = circuit;
  state_.rootless.insert(circuit);
  if (opener) consider(circuit, contest);
}

void Election::wake() {
  for (const CircuitId circuit : alarms_.take_due(now_)) {
    auto& contest = state_.contests.at(circuit);
    if (contest.claim_ends && *contest.claim_ends <= now_)
      yield(circuit, contest,
            random_between(support_.timing().hello / 2, support_.timing().hello * 7 / 2),
            Fate::timed_out, {});
    if (contest.doubts_at && *contest.doubts_at <= now_) doubt(circuit, contest);
    if (contest.claim_at && *contest.claim_at <= now_) {
      contest.claim_at.reset();
      if (obstacle(circuit, contest) == Obstacle::none) claim(circuit);
    }
    set_alarm(circuit, contest);
  }
}

void Election::tick() {
  if (support_.connected(now_)) {
    state_.disconnected_at.reset();
  } else if (!state_.disconnected_at) {
    state_.disconnected_at = now_;
  } else if (now_ >= *state_.disconnected_at + support_.timing().hello &&
             state_.claimed_in_session) {
    release_everything();
  }
  ask_what_was_promised();
  ask_endings();
  notice_supporters();
  for (const CircuitId circuit : state_.incomplete.next())
    keep_up(circuit, state_.contests.at(circuit));
  state_.turns.begin_round();
  for (const CircuitId circuit : state_.rootless.next())
    consider(circuit, state_.contests.at(circuit));
}

void Election::support_ended(NodeId other) {
  for (auto& [circuit, contest] : state_.contests) {
    if (contest.promised.queen == other) retry_parked(circuit, contest);
    if (contest.view.ballot.queen != other && contest.promised.queen != other) continue;
    state_.rootless.insert(circuit);
    consider(circuit, contest);
  }
}

bool Election::acting(CircuitId circuit, Instant at) const {
  const auto known = state_.contests.find(circuit);
  return known != state_.contests.end() && known->second.part == Part::root &&
         wins(known->second, known->second.led, at);
}

bool Election::degraded() const {
  const auto since = state_.disconnected_at;
  return since && now_ >= *since + support_.timing().hello && !support_.connected(now_);
}

bool Election::closed(CircuitId circuit) const {
  const auto known = state_.contests.find(circuit);
  return known == state_.contests.end() ? forgotten(circuit) : is_closed(known->second);
}

Ballot Election::own_ballot(CircuitId circuit, Epoch epoch) const {
  const auto& support = support_.state();
  return {epoch, messages::tie_of(circuit, support.self), support.self, support.session};
}

Duration Election::random_between(Duration low, Duration high) {
  const auto span = static_cast<std::uint64_t>((high - low).count());
  return low + Duration{static_cast<std::int64_t>(next_random(state_.random) % (span + 1))};
}

void Election::set_alarm(CircuitId circuit, const Contest& contest) {
  std::optional<Instant> earliest;
  for (const auto& at : {contest.claim_at, contest.claim_ends, contest.doubts_at})
    if (at && (!earliest || *at < *earliest)) earliest = at;
  alarms_.set(circuit, earliest);
}

}  // namespace queenright::election
