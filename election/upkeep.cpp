#include <algorithm>

#include "election/election.hpp"
#include "election/timing.hpp"

/// What a root does to stay one, and how she ceases to be: R9, R10, R11.
namespace queenright::election {

/// Queens whose grant of `ballot` holds now.
std::size_t Election::valid(const Contest& contest, const Ballot& ballot, Instant at) const {
  return static_cast<std::size_t>(
      std::count_if(contest.grants.begin(), contest.grants.end(), [&](const auto& one) {
        const auto& [queen, span] = one;
        return span.lowest <= ballot && ballot <= span.highest &&
               span.support == support_.epoch_got(queen) && support_.supported_by(queen, at);
      }));
}

bool Election::wins(const Contest& contest, const Ballot& ballot, Instant at) const {
  const std::size_t needed =
      support_.majority() - (rules_.holds(Rule::majority) || support_.majority() == 1 ? 0 : 1);
  return 1 + valid(contest, ballot, at) >= needed;
}

/// Grants made in a support epoch that is over count no more; those circuits need new ones.
void Election::notice_supporters() {
  bool changed = false;
  for (const auto& [queen, pair] : support_.state().pairs) {
    const Supporter as_of_now{pair.got_epoch, support_.supported_by(queen, now_),
                              pair.until.has_value()};
    changed |= std::exchange(state_.supporters[queen], as_of_now) != as_of_now;
  }
  if (!changed) return;
  for (const auto& [circuit, contest] : state_.contests)
    if (contest.part != Part::follower) state_.incomplete.insert(circuit);
}

// R10. Her time to get a majority back begins when she has asked for it.
void Election::keep_up(CircuitId circuit, Contest& contest) {
  if (contest.part == Part::root && !wins(contest, contest.led)) {
    if (!contest.lapses_at && !support_.connected(now_))
      contest.lapses_at = now_ + timing::lapse(support_.timing());
    if (contest.lapses_at && now_ >= *contest.lapses_at && rules_.holds(Rule::lapse))
      return release(circuit, contest, std::nullopt, "no majority");
    state_.turns.waiting.insert(circuit);
    return;
  }
  contest.lapses_at.reset();
  if (is_complete(contest))
    state_.incomplete.erase(circuit);
  else
    state_.turns.waiting.insert(circuit);
}

/// It was not granted in the present support of that queen. Who is silent and never granted it is
/// asked when she is silent no more.
bool Election::misses_grant_of(const Contest& contest, NodeId queen, const Pair& pair) const {
  const Ballot& ballot = contest.claimed != Ballot{} ? contest.claimed : contest.led;
  const auto grant = contest.grants.find(queen);
  if (grant == contest.grants.end()) return pair.until.has_value();
  return grant->second.support != pair.got_epoch || ballot < grant->second.lowest ||
         grant->second.highest < ballot;
}

bool Election::is_complete(const Contest& contest) const {
  const auto& pairs = support_.state().pairs;
  return contest.claimed == Ballot{} &&
         std::none_of(pairs.begin(), pairs.end(), [&](const auto& one) {
           return misses_grant_of(contest, one.first, one.second);
         });
}

void Election::ask_in_turn(std::size_t opening) {
  auto& turns = state_.turns;
  const bool alone = support_.state().pairs.empty();
  while (const auto turn = turns.next(alone ? 0 : opening)) {
    const auto known = state_.contests.find(*turn);
    if (known == state_.contests.end()) continue;
    Contest& contest = known->second;
    if (contest.part == Part::follower) {
      if (obstacle(*turn, contest) != Obstacle::none) continue;
      stand(*turn, contest, own_ballot(*turn, next_epoch(contest)));
    }
    if (!alone) turns.asked.insert(*turn);
    ask(*turn, contest);
  }
}

/// R10: a root who lacks a majority gives up when it does not come.
void Election::ask(CircuitId circuit, Contest& contest) {
  const Ballot& ballot = contest.claimed != Ballot{} ? contest.claimed : contest.led;
  for (const auto& [queen, pair] : support_.state().pairs)
    if (misses_grant_of(contest, queen, pair)) letters_.to(queen, messages::Claim{circuit, ballot});
  if (contest.part == Part::root && !contest.lapses_at && !wins(contest, contest.led))
    contest.lapses_at = now_ + timing::lapse(support_.timing());
}

/// Claims a higher epoch while still acting in the present one.
void Election::re_ballot(CircuitId circuit, Contest& contest) {
  const Ballot ballot = own_ballot(circuit, next_epoch(contest));
  if (contest.claimed == ballot) return;  // a closing is claimed once
  if (!rules_.holds(closes(ballot) ? Rule::complete_closing : Rule::re_ballot)) return;
  contest.claimed = ballot;
  record(contest.bids, {ballot, Fate::standing, {}, now_});
  contest.own_vote = false;
  state_.incomplete.insert(circuit);
  promise(circuit, contest, contest.claimed);
  letters_.to_all(messages::Claim{circuit, contest.claimed});
}

void Election::hand_over(CircuitId circuit, std::optional<NodeId> successor,
                         const std::string& reason) {
  Contest& contest = state_.contests.at(circuit);
  std::optional<Ballot> next;
  if (successor)
    next = Ballot{next_epoch(contest), messages::tie_of(circuit, *successor), *successor,
                  support_.pair(*successor).session};
  release(circuit, contest, next, reason);
}

/// R9: stops acting at once, and grants to the successor like everybody else.
void Election::release(CircuitId circuit, Contest& contest, const std::optional<Ballot>& next,
                       const std::string& reason) {
  const Ballot given_up = contest.led;
  const Ballot claimed = contest.claimed;
  if (next && !rules_.holds(Rule::handoff_stops))
    return letters_.to_all(messages::Released{circuit, given_up, false, next, reason});
  record(contest.bids, {given_up, Fate::given_up, next.value_or(Ballot{}), now_});
  follow(circuit, contest);
  contest.dead = std::max({contest.dead, given_up, claimed});
  if (contest.promised == given_up || contest.promised == claimed) contest.released = true;
  contest.claim_at = now_ + 2 * timing::candidacy(support_.timing());
  set_alarm(circuit, contest);
  letters_.to_all(messages::Released{circuit, given_up, false, next, reason});
  if (claimed != Ballot{}) letters_.to_all(messages::Released{circuit, claimed, true, {}, reason});
  if (next) answer(circuit, contest, *next, given_up);
  learn(circuit, contest, {circuit, given_up, true});
}

void Election::follow(CircuitId circuit, Contest& contest) {
  if (contest.part == Part::root) changes_.push_back({circuit, PartChanged::Kind::deposed});
  contest.part = Part::follower;
  contest.led = contest.claimed = {};
  contest.grants.clear();
  contest.claim_ends.reset();
  contest.lapses_at.reset();
  state_.incomplete.erase(circuit);
  state_.turns.forget(circuit);
  state_.rootless.insert(circuit);
}

/// R11: a new session says to everybody that whatever was claimed in this one is given up.
void Election::release_everything() {
  if (!rules_.holds(Rule::bulk_release)) return;
  support_.renew_session();
  state_.claimed_in_session = false;
  for (auto& [circuit, contest] : state_.contests) {
    if (contest.part == Part::follower) continue;
    contest.dead = std::max({contest.dead, contest.led, contest.claimed});
    follow(circuit, contest);
    set_alarm(circuit, contest);
  }
}

}  // namespace queenright::election
