#include "election/rule_names.hpp"

#include <algorithm>
#include <array>

namespace queenright::election {
namespace {

using enum Rule;

constexpr std::array names{
    RuleName{two_way_support, "two-way-support", "R2", "only who hears is supported"},
    RuleName{epoch_a_withdrawal, "epoch-a-withdrawal", "R3",
             "support that was withdrawn begins anew, and voids grants"},
    RuleName{lease_from_sending, "lease-from-sending", "R4",
             "a lease counts from when the hello was sent"},
    RuleName{extended_by, "extended-by", "R4",
             "only a hello that extended support extends a lease"},
    RuleName{unbroken_grants, "unbroken-grants", "R5b",
             "a grant counts for lower ballots only while support was unbroken"},
    RuleName{leases, "leases", "R6.4", "nothing is granted against a lease"},
    RuleName{epoch_once, "epoch-once", "R6.5", "an epoch is granted once"},
    RuleName{majority, "majority", "R7", "a root has the promises of more than half"},
    RuleName{yield, "yield", "R8", "a candidate gives way to a higher one"},
    RuleName{lapse, "lapse", "R10", "a root without a majority steps down"},
    RuleName{bulk_release, "bulk-release", "R11", "who has lost the majority releases everything"},
    RuleName{feasibility, "feasibility", "R12",
             "a route is taken only from who is nearer for certain"},
    RuleName{hold_down, "hold-down", "R12", "after a boot no foreign routes are taken for a while"},
    RuleName{probes, "probes", "R13", "a claim that waits asks the holder whether she still holds"},
    RuleName{anti_entropy, "anti-entropy", "R13", "queens compare what they know of roots"},
    RuleName{boot_grace, "boot-grace", "R15",
             "what was promised before a boot is leased for a while"},
    RuleName{durable_promise, "durable-promise", "7",
             "a grant is sent when its promise is durable, not before"},
    RuleName{others_hear, "others-hear", "R5",
             "a root whom another queen still hears is left alone"},
    RuleName{priority, "priority", "R5", "successors claim one after the other"},
    RuleName{willingness, "willingness", "R5",
             "a queen who drains leaves circuits to those who do not"},
    RuleName{retry_parked, "retry-parked", "R6",
             "a claim that waits is granted when the lease ends"},
    RuleName{handoff_stops, "handoff-stops", "R9", "who hands over acts no more"},
    RuleName{re_ballot, "re-ballot", "R10", "a rejected root claims a higher epoch"},
    RuleName{floors, "floors", "R14", "no epoch that may have been granted is granted again"},
    RuleName{recovery, "recovery", "R14",
             "who lost her journal does not vote before others told her"},
    RuleName{complete_closing, "complete-closing", "R16",
             "a root who meets a closing promise completes it"},
    RuleName{closings_agree, "closings-agree", "R16",
             "a closing promise does not bar another queen's closing"},
    RuleName{ended_by_all, "ended-by-all", "R16", "a circuit is forgotten when all have its end"},
    RuleName{exits, "exits", "R17", "after a proof of exit nothing of that life counts"},
    RuleName{append_under_promise, "append-under-promise", "A-R1",
             "a log changes only under the promised ballot"},
    RuleName{adopt_best, "adopt-best", "A-R2", "a root takes the best log of her grantors"},
    RuleName{best_by_epoch, "best-by-epoch", "A-R2",
             "the best log is of the highest epoch, then the longest"},
    RuleName{splice_at_commit, "splice-at-commit", "A-R3",
             "a suffix is spliced only at what is committed"},
    RuleName{stamp_accepted, "stamp-accepted", "A-R5", "a synced log is one of the new epoch"},
    RuleName{sync_once, "sync-once", "A-R5", "a repeated SYNC cuts nothing"},
    RuleName{commit_by_majority, "commit-by-majority", "A-R7",
             "an entry is committed when more than half have it"},
    RuleName{resend, "resend", "A-R8", "what is not acknowledged is sent again"},
    RuleName{snapshot_keys, "snapshot-keys", "A-R10", "a snapshot tells what was answered"},
    RuleName{close_after_commit, "close-after-commit", "A-R13",
             "a circuit is closed for ever when its CLOSE is committed, not before"},
    RuleName{close_when_known, "close-when-known", "A-R13",
             "a circuit is closed for ever when a majority knows its end"},
    RuleName{current_incarnation, "current-incarnation", "A-R15",
             "acknowledgements of an older incarnation do not count"},
    RuleName{known_keys, "known-keys", "A-R16", "a command is done once for its key"},
    RuleName{answer_when_settled, "answer-when-settled", "A-R18",
             "a client is told ok when its command is applied"},
    RuleName{definite_refusals, "definite-refusals", "A-R18",
             "what may be in a log is never said to be refused"},
    RuleName{read_under_lease, "read-under-lease", "A-R19",
             "only an acting root answers a read that must be new"},
    RuleName{read_after_open, "read-after-open", "A-R19",
             "a read waits for the OPEN of the epoch to be committed"},
    RuleName{issue_again, "issue-again", "A-R20", "a new root issues what nobody confirmed"},
    RuleName{durable_vote, "durable-vote", "7",
             "a queen's own promise counts when it is durable, not before"},
    RuleName{durable_append, "durable-append", "A-5",
             "a standby acknowledges what is durable, nothing else"},
    RuleName{durable_self, "durable-self", "A-5",
             "the root counts of her own log what is durable, nothing else"},
    RuleName{durable_fence, "durable-fence", "A-5",
             "a worker acknowledges an order that it can't forget, nothing else"},
    RuleName{hive_answers, "hive-answers", "W1",
             "only the queen who would count it as lost answers a worker's hello"},
    RuleName{time_to_live, "time-to-live", "W2", "a worker that is cut off ends its work in time"},
    RuleName{worker_sessions, "worker-sessions", "W3",
             "a worker declines what was meant for an earlier session of it"},
};

constexpr bool in_order() {
  for (std::size_t i = 0; i < names.size(); ++i)
    if (static_cast<std::size_t>(names[i].rule) != i) return false;
  return true;
}
static_assert(in_order());

}  // namespace

std::span<const RuleName> rule_names() { return names; }

std::optional<Rule> rule_of(std::string_view name) {
  const auto found = std::find_if(names.begin(), names.end(),
                                  [&](const RuleName& one) { return one.name == name; });
  return found == names.end() ? std::nullopt : std::optional(found->rule);
}

}  // namespace queenright::election
