#pragma once

#include <set>
#include <utility>
#include <vector>

#include "election/alarms.hpp"
#include "election/election_state.hpp"
#include "election/explain.hpp"
#include "election/letters.hpp"
#include "election/rules.hpp"
#include "election/support.hpp"
#include "election/view_digests.hpp"

namespace queenright::election {

/// Who leads each circuit: claims, grants and leases (ELECTION section 5), over one support a
/// pair of queens. Pure moves on its state; what it wants said goes into the letters.
class Election {
 public:
  Election(ElectionState state, Support& support, Letters& letters, const Rules& rules);
  Election(const Election&) = delete;
  Election& operator=(const Election&) = delete;

  /// What a replay has rebuilt; before `boot`.
  void restore(ElectionState state);

  /// Before everything else in a step.
  void begin_step(Instant now) { now_ = now; }

  void boot(std::uint64_t seed, Instant now);  ///< R15

  // After `boot`, as it says.
  void lose_journal(std::vector<NodeId> survivors);   ///< R14: she does not vote for a while
  void hold(const std::vector<CircuitId>& circuits);  ///< she claims none of them till the next

  /// R5: whether she may lead; true after each boot. An unwilling one claims only what nobody
  /// else would.
  void set_standing(QueenStanding standing) { state_.standing = standing; }

  /// Likewise, of single circuits.
  void avoid(std::set<CircuitId> circuits) { state_.avoided = std::move(circuits); }
  const std::set<CircuitId>& avoided() const { return state_.avoided; }

  /// The circuit is known from now on. The opener claims it at once (R5).
  void open(CircuitId circuit, bool opener);

  void take(NodeId from, const messages::Claim& claim);        ///< R6
  void take(NodeId from, const messages::Grant& grant);        ///< R5b
  void take(NodeId from, const messages::Reject& reject);      ///< R8, R10
  void take(NodeId from, const messages::Parked& parked);      ///< R8
  void take(NodeId from, const messages::Released& released);  ///< R9
  void take(NodeId from, const messages::Probe& probe);        ///< R13
  void take(NodeId from, const View& view);
  void take(NodeId from, const messages::ViewDigests& theirs);   ///< R13
  void take(NodeId from, const messages::Ended& ended);          ///< R16
  void take(NodeId from, const messages::SyncRequest& request);  ///< R14
  void take(NodeId from, const messages::SyncReply& reply);
  void take(NodeId from, const messages::SyncEnd& end);

  /// R13: of all views, for hellos; and what another queen's hello had.
  std::uint64_t views() const { return views_.whole(); }
  void compare_views(NodeId from, std::uint64_t theirs);

  /// This queen's own promise is durable (AGREEMENT section 3's SELF).
  void vote_synced(CircuitId circuit, const Ballot& ballot);

  void support_ended(NodeId other);  ///< R3: leases of hers are over
  void tick();                       ///< every H: R5, R10, R11
  void wake();                       ///< when `next_wake` has come

  /// At the end of a step: asks for the grants whose turn it is, while so many elections are won
  /// here and not opened yet.
  void ask_in_turn(std::size_t opening);

  /// R9, or without a successor R10's stepping down. Precondition: she is root.
  void hand_over(CircuitId circuit, std::optional<NodeId> successor, const std::string& reason);

  /// R16: nobody is to lead this circuit again. Preconditions: she is root, the circuit's log is
  /// final, and a majority is known to hold it so (A-R13).
  void close(CircuitId circuit);

  /// R16: this queen holds the end of a closed circuit, or nobody does any more.
  void ended(CircuitId circuit);

  /// To whoever asks about the log of a circuit that is forgotten here.
  void answer_forgotten(NodeId to, CircuitId circuit);
  bool forgotten(CircuitId circuit) const { return state_.forgotten.contains(circuit); }

  /// A majority's leases are valid at this step's `now`, or at another instant of her clock.
  bool acting(CircuitId circuit) const { return acting(circuit, now_); }
  bool acting(CircuitId circuit, Instant at) const;

  /// A majority has not supported her for a while: nothing new is taken.
  bool degraded() const;

  const Contest& contest(CircuitId circuit) const { return state_.contests.at(circuit); }
  bool knows(CircuitId circuit) const { return state_.contests.contains(circuit); }
  const ElectionState& state() const { return state_; }
  bool closed(CircuitId circuit) const;

  /// R14: she counts: grants, claims, and answers those who lost their journals.
  bool voting() const { return amnesia_.voting(now_); }
  bool willing() const { return standing() == QueenStanding::good; }
  QueenStanding standing() const {  ///< for hellos
    return voting() ? state_.standing : QueenStanding::recovering;
  }
  Explanation explain(CircuitId circuit) const;

  // What came of the steps since the last call.
  std::vector<PartChanged> take_changes() { return std::exchange(changes_, {}); }
  std::vector<CircuitId> take_forgotten() { return std::exchange(newly_forgotten_, {}); }
  std::vector<WantedAnswer> take_wanted();
  std::vector<Suffix> take_recovered() { return std::exchange(recovered_, {}); }
  std::optional<Instant> next_wake() const { return alarms_.next(); }

 private:
  // claims.cpp: this queen wants to lead
  void consider(CircuitId circuit, Contest& contest);
  Obstacle obstacle(CircuitId circuit, const Contest& contest) const;
  bool others_would() const;
  unsigned rank(CircuitId circuit) const;
  void claim(CircuitId circuit);
  void succeed(CircuitId circuit, Contest& contest, const Ballot& ballot);
  void stand(CircuitId circuit, Contest& contest, const Ballot& ballot);
  void count_votes(CircuitId circuit, Contest& contest);
  void yield(CircuitId circuit, Contest& contest, Duration pause, Fate fate, const Ballot& against);

  // grants.cpp: another one wants to
  bool leased(const Contest& contest, NodeId to) const;
  void answer(CircuitId circuit, Contest& contest, const Ballot& ballot,
              const std::optional<Ballot>& released);
  void park(CircuitId circuit, Contest& contest, const Ballot& ballot);
  void probe(CircuitId circuit, const Contest& contest);
  void doubt(CircuitId circuit, Contest& contest);
  void promise(CircuitId circuit, Contest& contest, const Ballot& ballot);
  void retry_parked(CircuitId circuit, Contest& contest);
  void learn(CircuitId circuit, Contest& contest, const View& view);
  void set_view(Contest& contest, const View& view);

  // upkeep.cpp: what a root does to stay one, and how she ceases to be
  std::size_t valid(const Contest& contest, const Ballot& ballot, Instant at) const;
  bool wins(const Contest& contest, const Ballot& ballot, Instant at) const;
  bool wins(const Contest& contest, const Ballot& ballot) const {
    return wins(contest, ballot, now_);
  }
  void keep_up(CircuitId circuit, Contest& contest);
  void ask(CircuitId circuit, Contest& contest);
  bool misses_grant_of(const Contest& contest, NodeId queen, const Pair& pair) const;
  bool is_complete(const Contest& contest) const;
  void re_ballot(CircuitId circuit, Contest& contest);
  void release(CircuitId circuit, Contest& contest, const std::optional<Ballot>& next,
               const std::string& reason);
  void follow(CircuitId circuit, Contest& contest);
  void release_everything();
  void notice_supporters();

  // closing.cpp: how a circuit ends
  void conclude(CircuitId circuit, Contest& contest);
  void ended_by(CircuitId circuit, NodeId queen);
  void ask_endings();
  void forget(CircuitId circuit);

  // recovery.cpp: what a lost journal takes
  void ask_what_was_promised();
  void adopt(Recovered recovered);

  Ballot own_ballot(CircuitId circuit, Epoch epoch) const;
  Duration random_between(Duration low, Duration high);
  void set_alarm(CircuitId circuit, const Contest& contest);

  ElectionState state_;
  Support& support_;
  Amnesia amnesia_{state_.amnesia, support_.timing()};
  Letters& letters_;
  const Rules& rules_;
  Instant now_;
  std::vector<PartChanged> changes_;
  std::vector<CircuitId> newly_forgotten_;
  std::vector<Suffix> recovered_;
  std::map<NodeId, Session> wanted_;  ///< answers, by whom

  // Derived from the contests.
  Alarms alarms_;
  ViewDigests views_;
};

}  // namespace queenright::election
