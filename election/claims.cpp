#include <algorithm>

#include "election/election.hpp"
#include "election/timing.hpp"

/// The side of a queen who wants to lead: R5, R5b, R7, R8.
namespace queenright::election {

/// Claims the circuit, at once or after those who come before her, if nothing speaks against it.
void Election::consider(CircuitId circuit, Contest& contest) {
  if (is_closed(contest)) {
    state_.rootless.erase(circuit);
    return;
  }
  if (contest.claim_at || obstacle(circuit, contest) != Obstacle::none) return;
  const unsigned before_me = rank(circuit);
  if (before_me == 0) return claim(circuit);
  contest.claim_at = now_ + before_me * timing::stagger;
  set_alarm(circuit, contest);
}

// R5.
Obstacle Election::obstacle(CircuitId circuit, const Contest& contest) const {
  const NodeId self = support_.state().self;
  if (is_closed(contest)) return Obstacle::closed;
  if (!voting()) return Obstacle::not_voting;
  if (state_.held.contains(circuit)) return Obstacle::held;
  if (contest.part == Part::root) return Obstacle::leads;
  if (contest.part == Part::candidate) return Obstacle::claims;
  if (!support_.connected(now_)) return Obstacle::unconnected;
  if (leased(contest, self)) return Obstacle::leased;
  const Ballot& root = contest.view.ballot;
  const bool somebody = root != Ballot{} && !contest.view.released && root.queen != self;
  if (somebody && !support_.is_over(root.queen, root.session)) {
    if (support_.supports(root.queen, root.session)) return Obstacle::root_lives;
    if (support_.heard_by_others(root.queen, root.session, now_) && rules_.holds(Rule::others_hear))
      return Obstacle::root_heard;
  }
  const bool fit = willing() && !state_.avoided.contains(circuit);
  const bool may = fit || !others_would() || contest.highest == messages::closed_epoch;
  return may ? Obstacle::none : Obstacle::unwilling;  // nobody is asked to lead a closed one
}

bool Election::others_would() const {
  if (!rules_.holds(Rule::willingness)) return false;
  const auto& pairs = support_.state().pairs;
  return std::any_of(pairs.begin(), pairs.end(), [](const auto& one) {
    const Pair& other = one.second;
    return other.until && other.hello.connected && other.hello.willing();
  });
}

/// How many queens are better successors: connected, willing, of the higher weight for this
/// circuit, of the lower number.
unsigned Election::rank(CircuitId circuit) const {
  if (!rules_.holds(Rule::priority)) return 0;
  const NodeId self = support_.state().self;
  const auto better = [&](NodeId other, const Pair& pair) {
    if (!pair.until || !pair.hello.connected) return false;
    if (pair.hello.willing() != willing()) return pair.hello.willing();
    const auto theirs = messages::tie_of(circuit, other);
    const auto mine = messages::tie_of(circuit, self);
    return theirs != mine ? theirs > mine : other < self;
  };
  const auto& pairs = support_.state().pairs;
  return static_cast<unsigned>(std::count_if(
      pairs.begin(), pairs.end(), [&](const auto& one) { return better(one.first, one.second); }));
}

/// In this very step, unless very many are claimed.
void Election::claim(CircuitId circuit) { state_.turns.waiting.insert(circuit); }

/// R9: her predecessor hands over to her.
void Election::succeed(CircuitId circuit, Contest& contest, const Ballot& ballot) {
  const bool current = ballot.session == support_.state().session &&
                       (closes(ballot) || ballot > contest.dead) && ballot != contest.promised &&
                       !is_below(ballot, contest.promised);
  if (current && contest.part == Part::follower && voting() && !is_closed(contest) &&
      !state_.held.contains(circuit) && !leased(contest, ballot.queen))
    stand(circuit, contest, ballot);
}

void Election::stand(CircuitId circuit, Contest& contest, const Ballot& ballot) {
  state_.claimed_in_session = true;
  contest.part = Part::candidate;
  contest.claimed = ballot;
  contest.own_vote = false;
  contest.grants.clear();
  contest.claim_at.reset();
  if (!support_.state().pairs.empty())
    contest.claim_ends = now_ + timing::candidacy(support_.timing());
  state_.rootless.erase(circuit);
  state_.incomplete.insert(circuit);
  record(contest.bids, {ballot, Fate::standing, {}, now_});
  promise(circuit, contest, ballot);
  set_alarm(circuit, contest);
}

void Election::vote_synced(CircuitId circuit, const Ballot& ballot) {
  const auto known = state_.contests.find(circuit);
  if (known == state_.contests.end() || known->second.claimed != ballot) return;
  known->second.own_vote = true;
  count_votes(circuit, known->second);
}

// R5b.
void Election::take(NodeId from, const messages::Grant& grant) {
  const auto known = state_.contests.find(grant.circuit);
  if (known == state_.contests.end()) return;
  Contest& contest = known->second;
  if (grant.ballot.queen != support_.state().self ||
      grant.ballot.session != support_.state().session ||
      (grant.ballot <= contest.dead && !closes(grant.ballot)))
    return;
  if (grant.released) {  // the handoff itself may be late, or lost
    if (contest.promised == *grant.released) contest.released = true;
    succeed(grant.circuit, contest, grant.ballot);
    learn(grant.circuit, contest, {grant.circuit, *grant.released, true});
  }
  if (contest.part == Part::follower) return;
  GrantSpan& span = contest.grants[from];
  if (grant.support < span.support) return;
  if (grant.support > span.support) {
    span = {grant.ballot, grant.ballot, grant.support};
    if (!rules_.holds(Rule::unbroken_grants)) span.lowest = {};
  } else {
    span.lowest = std::min(span.lowest, grant.ballot);
    span.highest = std::max(span.highest, grant.ballot);
  }
  count_votes(grant.circuit, contest);
  if (contest.claimed == Ballot{} && wins(contest, contest.led)) {
    contest.lapses_at.reset();
    state_.turns.answered(grant.circuit);
  }
}

// R7.
void Election::count_votes(CircuitId circuit, Contest& contest) {
  if (contest.claimed == Ballot{} || !contest.own_vote || !wins(contest, contest.claimed)) return;
  if (closes(contest.claimed)) {
    record(contest.bids, {contest.claimed, Fate::closed, {}, now_});
    conclude(circuit, contest);
    return letters_.to_all(contest.view);
  }
  contest.part = Part::root;
  contest.led = contest.claimed;
  contest.claimed = {};
  contest.claim_ends.reset();
  contest.lapses_at.reset();
  state_.turns.answered(circuit);
  set_view(contest, {circuit, contest.led, false});
  record(contest.bids, {contest.led, Fate::elected, {}, now_});
  set_alarm(circuit, contest);
  letters_.to_all(contest.view);
  changes_.push_back({circuit, PartChanged::Kind::elected});
  retry_parked(circuit, contest);
}

// R8.
void Election::yield(CircuitId circuit, Contest& contest, Duration pause, Fate fate,
                     const Ballot& against) {
  const Ballot given_up = contest.claimed;
  record(contest.bids, {given_up, fate, against, now_});
  follow(circuit, contest);
  contest.dead = std::max(contest.dead, given_up);
  if (contest.promised == given_up) contest.released = contest.yielded = true;
  contest.claim_at = now_ + pause;
  set_alarm(circuit, contest);
  letters_.to_all(messages::Released{circuit, given_up, true, {}, "gave way"});
  retry_parked(circuit, contest);
}

void Election::take(NodeId, const messages::Reject& reject) {
  const auto known = state_.contests.find(reject.circuit);
  if (known == state_.contests.end()) return;
  Contest& contest = known->second;
  contest.highest = std::max(contest.highest, reject.higher.epoch);
  if (contest.part == Part::candidate && reject.ballot == contest.claimed)
    yield(reject.circuit, contest, random_between(std::chrono::milliseconds{1}, timing::stagger),
          Fate::rejected, reject.higher);
  else if (contest.part == Part::root && reject.ballot >= contest.led &&
           reject.ballot >= contest.claimed)
    re_ballot(reject.circuit, contest);  // R10, and R16 when the higher one closes
}

void Election::take(NodeId, const messages::Parked& parked) {
  const auto known = state_.contests.find(parked.circuit);
  if (known == state_.contests.end()) return;
  Contest& contest = known->second;
  contest.highest = std::max(contest.highest, parked.blocking.epoch);
  if (contest.part == Part::candidate && parked.ballot == contest.claimed &&
      parked.blocking > contest.claimed)
    yield(parked.circuit, contest, 2 * timing::candidacy(support_.timing()), Fate::outbid,
          parked.blocking);
}

}  // namespace queenright::election
