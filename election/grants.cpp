#include <algorithm>

#include "election/election.hpp"
#include "election/random.hpp"
#include "election/timing.hpp"

/// The side of a queen whom another one asks: R6, R9, R13.
namespace queenright::election {
namespace {

constexpr std::size_t views_at_once = 256;  // and what is left of the last bucket

}  // namespace

/// The circuit may not be granted to `to`: whom it was promised to may still be acting.
bool Election::leased(const Contest& contest, NodeId to) const {
  const Ballot& promised = contest.promised;
  if (promised == Ballot{} || promised.queen == to || contest.released ||
      contest.view.ballot > promised || !rules_.holds(Rule::leases))
    return false;
  if (promised.queen == support_.state().self)
    return contest.part != Part::follower &&
           (contest.claimed == promised || contest.led == promised);
  if (support_.supports(promised.queen, promised.session)) return true;
  return contest.from_disk && rules_.holds(Rule::boot_grace) &&
         now_ < state_.booted + support_.timing().lease &&
         !support_.is_over(promised.queen, promised.session);
}

void Election::take(NodeId from, const messages::Claim& claim) {
  if (forgotten(claim.circuit)) return answer_forgotten(from, claim.circuit);
  if (!knows(claim.circuit)) open(claim.circuit, false);
  Contest& contest = state_.contests.at(claim.circuit);
  contest.highest = std::max(contest.highest, claim.ballot.epoch);
  if (claim.ballot.queen == from) answer(claim.circuit, contest, claim.ballot, std::nullopt);
}

// R6.
void Election::answer(CircuitId circuit, Contest& contest, const Ballot& ballot,
                      const std::optional<Ballot>& released) {
  if (is_closed(contest)) return letters_.to(ballot.queen, contest.view);
  if (!voting() || !support_.supports(ballot.queen, ballot.session)) return;
  const auto grant = [&] {
    record(contest.bids, {ballot, Fate::granted, {}, now_});
    letters_.to(
        ballot.queen,
        messages::Grant{circuit, ballot, support_.epoch_given(ballot.queen), released, {}, {}});
  };
  const auto reject = [&](const Ballot& higher) {
    record(contest.bids, {ballot, Fate::rejected, higher, now_});
    letters_.to(ballot.queen, messages::Reject{circuit, ballot, higher});
  };
  const Ballot& elected = contest.view.ballot;
  if (ballot == contest.promised && !contest.released) return grant();       // R6.1
  const bool agrees = closes(ballot) && rules_.holds(Rule::closings_agree);  // R16
  if (ballot < contest.promised && !(agrees && closes(contest.promised)))
    return reject(contest.promised);  // R6.2
  if (ballot != elected && ballot.epoch <= elected.epoch) return reject(elected);
  if (contest.part == Part::candidate && contest.claimed < ballot && rules_.holds(Rule::yield))
    yield(circuit, contest, 2 * timing::candidacy(support_.timing()), Fate::outbid,
          ballot);                                                           // R6.3
  if (leased(contest, ballot.queen)) return park(circuit, contest, ballot);  // R6.4
  if (ballot.epoch == contest.promised.epoch && !contest.yielded && ballot != elected && !agrees &&
      rules_.holds(Rule::epoch_once))
    return reject(contest.promised);  // R6.5
  promise(circuit, contest, ballot);  // R6.6
  grant();
}

void Election::park(CircuitId circuit, Contest& contest, const Ballot& ballot) {
  contest.parked = std::max(contest.parked.value_or(ballot), ballot);
  const Ballot& blocking = contest.promised;
  record(contest.bids, {ballot, Fate::parked, blocking, now_});
  letters_.to(ballot.queen, messages::Parked{circuit, ballot, blocking});
  if (contest.probed_at && now_ < *contest.probed_at + timing::tick(support_.timing())) return;
  contest.probed_at = now_;
  probe(circuit, contest);
}

void Election::probe(CircuitId circuit, const Contest& contest) {
  const NodeId holder = contest.promised.queen;
  if (holder != support_.state().self && rules_.holds(Rule::probes))
    letters_.to(holder, messages::Probe{circuit, contest.promised});
}

/// R13: where nobody claims, nothing is parked, and nobody would notice that a holder has given
/// up, or never knew of her grants.
void Election::doubt(CircuitId circuit, Contest& contest) {
  contest.doubts_at.reset();
  if (!leased(contest, support_.state().self)) return;
  contest.doubts_at = now_ + 2 * timing::candidacy(support_.timing());
  probe(circuit, contest);
}

/// A grant to herself is a vote that counts when it comes back.
void Election::promise(CircuitId circuit, Contest& contest, const Ballot& ballot) {
  contest.promised = ballot;
  contest.released = contest.yielded = contest.from_disk = false;
  contest.doubts_at.reset();
  contest.highest = std::max(contest.highest, ballot.epoch);
  if (ballot.queen == support_.state().self) {
    letters_.to(ballot.queen, messages::OwnVote{circuit, ballot});
    return;
  }
  state_.rootless.erase(circuit);
  contest.claim_at.reset();
  if (ballot != contest.view.ballot)
    contest.doubts_at = now_ + 2 * timing::candidacy(support_.timing());
  set_alarm(circuit, contest);
}

void Election::retry_parked(CircuitId circuit, Contest& contest) {
  if (!contest.parked || leased(contest, contest.parked->queen) ||
      !rules_.holds(Rule::retry_parked))
    return;
  const Ballot parked = *std::exchange(contest.parked, std::nullopt);
  answer(circuit, contest, parked, std::nullopt);
}

void Election::take(NodeId, const messages::Released& released) {
  const auto known = state_.contests.find(released.circuit);
  if (known == state_.contests.end()) return;
  Contest& contest = known->second;
  const CircuitId circuit = released.circuit;
  contest.highest = std::max(contest.highest, released.ballot.epoch);
  record(contest.bids, {released.ballot, Fate::given_up, released.next.value_or(Ballot{}), now_});
  if (contest.parked == released.ballot) contest.parked.reset();
  if (contest.promised == released.ballot) {
    contest.released = true;
    contest.yielded = released.yielded;
  }
  if (released.next) {  // R9: before whoever is parked
    if (released.next->queen == support_.state().self)
      succeed(circuit, contest, *released.next);
    else
      answer(circuit, contest, *released.next, released.ballot);
  }
  if (contest.view.ballot == released.ballot || released.next)
    learn(circuit, contest, {circuit, released.ballot, true});
  retry_parked(circuit, contest);
  if (contest.released && !released.next) state_.rootless.insert(circuit);
  if (state_.rootless.contains(circuit)) consider(circuit, contest);
}

// R13.
void Election::take(NodeId from, const messages::Probe& probe) {
  if (forgotten(probe.circuit)) return answer_forgotten(from, probe.circuit);
  if (closed(probe.circuit)) return letters_.to(from, state_.contests.at(probe.circuit).view);
  const auto known = state_.contests.find(probe.circuit);
  const bool held =
      known != state_.contests.end() &&
      ((known->second.part == Part::candidate && known->second.claimed == probe.ballot) ||
       (known->second.part == Part::root && probe.ballot >= known->second.led));
  if (held) {
    if (known->second.part == Part::root) letters_.to(from, known->second.view);
    return;
  }
  if (probe.ballot.queen != support_.state().self) return;
  if (known != state_.contests.end())
    known->second.dead = std::max(known->second.dead, probe.ballot);
  letters_.to(from, messages::Released{probe.circuit, probe.ballot, false, {}, "not held"});
}

/// News of a circuit that is over here is answered, so that its teller learns it too (R16).
void Election::take(NodeId from, const View& view) {
  if (forgotten(view.circuit)) {
    if (closes(view.ballot)) return letters_.to(from, messages::Ended{view.circuit, true});
    return answer_forgotten(from, view.circuit);
  }
  if (!knows(view.circuit)) open(view.circuit, false);
  Contest& contest = state_.contests.at(view.circuit);
  if (is_closed(contest) && !closes(view.ballot)) letters_.to(from, contest.view);
  if (closes(view.ballot) && contest.ended.contains(support_.state().self))
    letters_.to(from, messages::Ended{view.circuit});
  learn(view.circuit, contest, view);
}

void Election::learn(CircuitId circuit, Contest& contest, const View& view) {
  contest.highest = std::max(contest.highest, view.ballot.epoch);
  if (is_closed(contest)) return;
  if (closes(view.ballot)) return conclude(circuit, contest);
  if (view <= contest.view) return;
  set_view(contest, view);
  record(contest.bids, {view.ballot, view.released ? Fate::given_up : Fate::elected, {}, now_});
  if (view.ballot == contest.promised) {
    contest.released |= view.released;  // the word of it may have been lost
    contest.doubts_at.reset();
  }
  // A root of the past may be news too, when views are exchanged.
  const bool live = !view.released && support_.supports(view.ballot.queen, view.ballot.session);
  if (live) {
    state_.rootless.erase(circuit);
    contest.claim_at.reset();
  }
  if (contest.part == Part::candidate && live)
    yield(circuit, contest, 2 * timing::candidacy(support_.timing()), Fate::outbid,
          view.ballot);  // R8
  else if (contest.part == Part::root && view.ballot > contest.led)
    follow(circuit, contest);  // R10
  set_alarm(circuit, contest);
  retry_parked(circuit, contest);
  if (live || contest.part != Part::follower) return;
  state_.rootless.insert(circuit);
  consider(circuit, contest);
}

void Election::set_view(Contest& contest, const View& view) {
  views_.replace(contest.view, view);
  contest.view = view;
}

/// One that differs may only have been on its way when the view changed.
void Election::compare_views(NodeId from, std::uint64_t theirs) {
  std::uint32_t& differing = state_.differing_hellos[from];
  differing = theirs == views_.whole() ? 0 : differing + 1;
  if (differing < 2 || !rules_.holds(Rule::anti_entropy)) return;
  differing = 0;
  letters_.to(from, messages::ViewDigests{views_.buckets()});
}

/// Of many views some, any: amid thousands of elections they differ all the time.
void Election::take(NodeId from, const messages::ViewDigests& theirs) {
  const auto mine = views_.buckets();
  if (theirs.buckets.size() != mine.size()) return;
  std::map<std::size_t, std::vector<const View*>> differing;
  std::size_t count = 0;
  for (const auto& [circuit, contest] : state_.contests) {
    const std::size_t bucket = ViewDigests::bucket_of(circuit);
    if (mine[bucket] == theirs.buckets[bucket] || contest.view.ballot == Ballot{}) continue;
    differing[bucket].push_back(&contest.view);
    ++count;
  }
  const auto first = count > views_at_once ? next_random(state_.random) % mine.size() : 0;
  std::size_t told = 0;
  for (std::size_t i = 0; i < mine.size() && told < views_at_once; ++i)
    for (const View* view : differing[(first + i) % mine.size()]) {
      letters_.to(from, *view);
      ++told;
    }
}

}  // namespace queenright::election
