#include <algorithm>

#include "election/election.hpp"
#include "election/timing.hpp"
#include "messages/ensure.hpp"

/// How a circuit ends, and is forgotten: R16.
namespace queenright::election {
namespace {

/// Closed circuits that some queen still needs; of more, the oldest goes.
constexpr std::size_t most_closed = 1024;

}  // namespace

/// A re-ballot with the last epoch: she acts until a majority has promised that nobody will.
void Election::close(CircuitId circuit) {
  Contest& contest = state_.contests.at(circuit);
  messages::ensure(contest.part == Part::root, "only its root closes a circuit");
  contest.highest = messages::closed_epoch;
  re_ballot(circuit, contest);
}

/// A majority has promised it; nothing is claimed from now on.
void Election::conclude(CircuitId circuit, Contest& contest) {
  if (contest.part != Part::follower) follow(circuit, contest);
  set_view(contest, {circuit, closed_ballot, true});
  contest.highest = messages::closed_epoch;
  contest.claim_at.reset();
  contest.doubts_at.reset();
  set_alarm(circuit, contest);
  state_.rootless.erase(circuit);
  if (contest.parked) letters_.to(contest.parked->queen, contest.view);
  contest.parked.reset();
  changes_.push_back({circuit, PartChanged::Kind::closed});
  state_.closed.push_back(circuit);
  if (state_.closed.size() > most_closed) forget(state_.closed.front());
}

void Election::ended(CircuitId circuit) {
  if (forgotten(circuit)) return;
  messages::ensure(closed(circuit), "only a closed circuit has an end");
  letters_.to_all(messages::Ended{circuit});
  ended_by(circuit, support_.state().self);
}

/// Nobody says it before the circuit is closed. What all others have forgotten can't be had any
/// more: they had this queen's word for it before she lost her journal.
void Election::take(NodeId from, const messages::Ended& ended) {
  if (forgotten(ended.circuit)) return;
  if (!knows(ended.circuit)) open(ended.circuit, false);
  Contest& contest = state_.contests.at(ended.circuit);
  learn(ended.circuit, contest, {ended.circuit, closed_ballot, true});
  if (ended.forgotten) contest.forgotten_by.insert(from);
  const bool lost = contest.forgotten_by.size() == support_.state().pairs.size();
  ended_by(ended.circuit, from);
  if (lost) this->ended(ended.circuit);
}

void Election::ended_by(CircuitId circuit, NodeId queen) {
  auto& ended = state_.contests.at(circuit).ended;
  ended.insert(queen);
  const std::size_t queens = support_.state().pairs.size() + 1;
  const bool needed = ended.size() < queens && rules_.holds(Rule::ended_by_all);
  if (!needed) forget(circuit);
}

/// A queen whose word is missing may have forgotten the circuit, or not know that it is closed. Who
/// lacks the end asks even those who had it: they may have forgotten it since.
void Election::ask_endings() {
  if (now_ < state_.asks_endings_at) return;
  state_.asks_endings_at = now_ + timing::endings;
  for (const CircuitId circuit : state_.closed) {
    const Contest& contest = state_.contests.at(circuit);
    const bool holds_end = contest.ended.contains(support_.state().self);
    for (const auto& [queen, pair] : support_.state().pairs) {
      const auto& known = holds_end ? contest.ended : contest.forgotten_by;
      if (!pair.until || known.contains(queen)) continue;
      letters_.to(queen, contest.view);
      if (holds_end) letters_.to(queen, messages::Ended{circuit});
    }
  }
}

void Election::answer_forgotten(NodeId to, CircuitId circuit) {
  letters_.to(to, View{circuit, closed_ballot, true});
  letters_.to(to, messages::Ended{circuit, true});
}

void Election::forget(CircuitId circuit) {
  if (const auto known = state_.contests.find(circuit); known != state_.contests.end()) {
    set_view(known->second, {circuit, {}, false});
    state_.contests.erase(known);
  }
  std::erase(state_.closed, circuit);
  state_.rootless.erase(circuit);
  state_.incomplete.erase(circuit);
  state_.turns.forget(circuit);
  alarms_.set(circuit, std::nullopt);
  state_.forgotten.insert(circuit);
  newly_forgotten_.push_back(circuit);
}

}  // namespace queenright::election
