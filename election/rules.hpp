#pragma once

#include <cstdint>

namespace queenright::election {

/// Rules which the simulation can switch off, one at a time, to see who notices
/// (docs/election.md). A hive holds all of them.
enum class Rule : std::uint8_t {
  two_way_support,     ///< R2: support only who hears
  epoch_a_withdrawal,  ///< R3: a new support epoch voids all grants
  lease_from_sending,  ///< R4: a lease is counted from when the hello was sent
  extended_by,         ///< R4: only hellos that extended support extend the lease
  unbroken_grants,     ///< R5b: a grant counts for lower ballots of an unbroken support epoch
  leases,              ///< R6.4: nothing is granted against a lease
  epoch_once,          ///< R6.5: an epoch is granted once
  majority,            ///< R7: more than half
  yield,               ///< R8: a candidate gives way to a higher one
  lapse,               ///< R10: a root without a majority steps down
  bulk_release,        ///< R11
  feasibility,         ///< R12: a route is taken only from who is nearer for certain
  hold_down,           ///< R12: after a boot, no foreign routes
  probes,              ///< R13
  anti_entropy,        ///< R13
  boot_grace,          ///< R15: what was promised before a boot is leased for a while
  durable_promise,     ///< section 7: a grant is sent when the promise is durable, not before
  others_hear,         ///< R5: a root whom another queen still hears is left alone
  priority,            ///< R5: successors claim one after the other
  willingness,         ///< R5: a queen who drains leaves circuits to those who do not
  retry_parked,        ///< R6: what is parked is granted as soon as the lease is over
  handoff_stops,       ///< R9: who hands over acts no more
  re_ballot,           ///< R10: a rejected root claims a higher epoch
  floors,              ///< R14: no epoch that may have been granted is granted again
  recovery,            ///< R14: who lost her journal does not vote before others told her
  complete_closing,    ///< R16: a root who meets a closing promise completes it
  closings_agree,      ///< R16: a closing promise does not bar another queen's closing
  ended_by_all,        ///< R16: a circuit is forgotten when all have its end
  exits,               ///< R17: after a proof of exit, nothing of that life counts

  append_under_promise,  ///< A-R1: a log changes only under the promised ballot
  adopt_best,            ///< A-R2: a root takes the best log of her grantors
  best_by_epoch,         ///< A-R2: the best one is of the highest epoch, then the longest
  splice_at_commit,      ///< A-R3: a suffix is spliced only at what is committed
  stamp_accepted,        ///< A-R5: a synced log is one of the new epoch
  sync_once,             ///< A-R5: a repeated SYNC cuts nothing
  commit_by_majority,    ///< A-R7
  resend,                ///< A-R8
  snapshot_keys,         ///< A-R10: a snapshot tells what was answered
  close_after_commit,    ///< A-R13: CLOSED comes after the circuit's CLOSE is committed
  close_when_known,      ///< A-R13: and a majority knows it
  current_incarnation,   ///< A-R15: acknowledgements of an older incarnation don't count
  known_keys,            ///< A-R16: a command is done once for its key
  answer_when_settled,   ///< A-R18: a client is told ok when the command is applied
  definite_refusals,     ///< A-R18: what may be in a log is never said to be refused
  read_under_lease,      ///< A-R19
  read_after_open,       ///< A-R19: not before the epoch's OPEN is committed
  issue_again,           ///< A-R20: a new root issues what nobody confirmed

  durable_vote,    ///< section 7: a queen's own promise counts when it is durable
  durable_append,  ///< AGREEMENT section 5: a standby acknowledges what is durable
  durable_self,    ///< AGREEMENT section 5: the root counts of her own log what is durable
  durable_fence,   ///< AGREEMENT section 5: a sink acknowledges what it can't forget

  hive_answers,     ///< W1: only the acting root of circuit 0 answers workers' hellos
  time_to_live,     ///< W2: a worker that is cut off ends its work
  worker_sessions,  ///< W3: a worker declines what was meant for an earlier session
};

class Rules {
 public:
  bool holds(Rule rule) const { return (broken_ & bit(rule)) == 0; }
  void set_broken(Rule rule) { broken_ |= bit(rule); }

 private:
  static std::uint64_t bit(Rule rule) { return std::uint64_t{1} << static_cast<unsigned>(rule); }
  std::uint64_t broken_ = 0;
};

}  // namespace queenright::election
