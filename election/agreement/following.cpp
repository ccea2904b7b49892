#include <algorithm>

#include "election/agreement/agreement.hpp"
#include "messages/ensure.hpp"

/// The side of a standby, and of whoever has what another one needs: A-R1, A-R3, A-R5, A-R6,
/// A-R10.
namespace queenright::election {

using messages::ensure;

void Agreement::take(NodeId from, const messages::Append& append) {
  Replica* known = find(append.circuit);
  if (known == nullptr || append.ballot.queen != from || !election_.voting()) return;
  const Ballot& promised = election_.contest(append.circuit).promised;
  if (append.ballot != promised && rules_.holds(Rule::append_under_promise)) {  // A-R1
    if (append.ballot < promised)
      letters_.to(from, messages::AppendRefused{append.circuit, append.ballot, promised});
    return;
  }
  Replica& replica = touch(*known);
  auto& log = replica.log;
  const Epoch epoch = append.ballot.epoch;
  replica.current = false;
  auto& answer = acknowledgements_[append.circuit];
  const bool brings = append.sync || !append.entries.empty() || append.snapshot.has_value();
  answer = {from, append.ballot, answer.gap, answer.promises || brings};
  const bool sync = append.sync && (log.accepted != epoch || !rules_.holds(Rule::sync_once));
  if (!sync && log.accepted != epoch) {  // its SYNC was lost
    answer.gap = true;
    return;
  }
  if (!sync && append.snapshot && append.snapshot->index > log.length)
    install(replica, *append.snapshot);  // A-R10: of the same epoch, and all of it newer
  if (sync) {
    if (!splice(replica, {{}, {}, log.commit}, append.base, append.entries, append.snapshot)) {
      answer.gap = true;
      return;
    }
    if (rules_.holds(Rule::stamp_accepted)) log.accepted = epoch;
  } else if (append.base > log.length) {
    answer.gap = true;
  } else {
    log.extend(append.base, append.entries);
    if (!append.entries.empty()) replica.time_at = now_;
  }
  log.commit = std::max(log.commit, std::min(append.commit, log.length));  // A-R7
  replica.current = log.commit >= append.commit;
  if (replica.current) replica.current_at = now_;
}

/// Makes the log theirs above `base`. Only where this queen's own entries up to there are
/// committed, or of the same epoch: what is below would else be kept though it is another's (A-R3).
bool Agreement::splice(Replica& replica, const LogVector& theirs, LogIndex base,
                       const std::vector<Entry>& entries,
                       const std::optional<LogSnapshot>& snapshot) {
  auto& log = replica.log;
  if (snapshot && snapshot->index > log.commit) install(replica, *snapshot);
  const bool same = theirs.accepted == log.accepted;
  const LogIndex spliced_at = same ? log.length : log.commit;
  if (base > spliced_at && (rules_.holds(Rule::splice_at_commit) || base > log.length))
    return false;
  if (!same) {
    const LogIndex kept = std::max(base, log.commit);
    give_up_pending(replica, kept);
    log.cut(kept);
  }
  log.extend(base, entries);
  replica.time_at = now_;
  log.commit = std::max(log.commit, std::min(theirs.commit, log.length));
  return true;
}

void Agreement::install(Replica& replica, const LogSnapshot& snapshot) {
  give_up_pending(replica, {});
  replica.log.install(snapshot);
  if (!rules_.holds(Rule::snapshot_keys)) replica.log.keys.clear();
  replica.delivered = replica.log.settled;
  replica.repeat_at.reset();
  replica.checkpointing = false;
  replica.log.restored = messages::Restore{replica.circuit, snapshot.applied, snapshot.state};
  letters_.to_circuit(replica.circuit, *replica.log.restored);
}

/// One answer a step and circuit, as the log is at its end. To have heard what is committed is no
/// promise: that goes without a word about the log, and so without a sync (AGREEMENT section 10).
void Agreement::acknowledge() {
  for (const auto& [circuit, answer] : std::exchange(acknowledgements_, {})) {
    const Replica* replica = find(circuit);
    if (replica == nullptr || election_.forgotten(circuit) ||
        (answer.ballot != election_.contest(circuit).promised &&
         rules_.holds(Rule::append_under_promise)))
      continue;
    LogVector log = replica->log.vector();
    if (!answer.promises && !answer.gap) log = {{}, {}, log.commit};
    letters_.to(answer.root, messages::Appended{circuit, answer.ballot, log, answer.gap});
  }
}

void Agreement::take(NodeId from, const messages::Fetch& fetch) {
  Replica* replica = find(fetch.circuit);
  if (replica == nullptr) return;
  const bool wants_end = fetch.ballot == Ballot{};
  if (wants_end ? !replica->log.closed : fetch.ballot != election_.contest(fetch.circuit).promised)
    return;
  if (fetch.from >= replica->log.dropped)
    return send_suffix(*replica, from, fetch.ballot, std::min(fetch.from, replica->log.length),
                       std::nullopt);
  replica->fetchers[from] = fetch.ballot;
  ask_for_checkpoint(touch(*replica));
}

void Agreement::send_suffix(Replica& replica, NodeId to, const Ballot& ballot, LogIndex base,
                            std::optional<LogSnapshot> snapshot) {
  letters_.to(to, messages::Suffix{replica.circuit, ballot, replica.log.vector(), base,
                                   replica.log.entries_after(base), std::move(snapshot)});
}

void Agreement::take(NodeId from, const messages::Suffix& suffix) {
  Replica* known = find(suffix.circuit);
  if (known == nullptr) return;
  Replica& replica = touch(*known);
  if (suffix.ballot == Ballot{}) {  // the end of a closed circuit (A-R13)
    if (replica.log.closed || suffix.log.commit != suffix.log.length) return;
    if (splice(replica, suffix.log, suffix.base, suffix.entries, suffix.snapshot))
      replica.log.accepted = std::max(replica.log.accepted, suffix.log.accepted);
    return;
  }
  if (replica.lead.phase != Phase::sync || suffix.ballot != replica.lead.ballot ||
      replica.lead.fetching != from)
    return;
  if (splice(replica, suffix.log, suffix.base, suffix.entries, suffix.snapshot))
    open_epoch(replica);
}

/// A-R10: the state of the circuit as it is stands for entries that are gone.
void Agreement::ask_for_checkpoint(Replica& replica) {
  if (std::exchange(replica.checkpointing, true)) return;
  letters_.to_circuit(replica.circuit, messages::Checkpoint{replica.circuit});
}

std::optional<LogSnapshot> Agreement::take(const messages::Checkpointed& made) {
  Replica* replica = find(made.circuit);
  if (replica == nullptr || !replica->checkpointing) return std::nullopt;
  replica->checkpointing = false;
  touch(*replica);
  auto& log = replica->log;
  if (made.applied != log.applied) {  // of before a restart
    ask_for_checkpoint(*replica);
    return std::nullopt;
  }
  LogSnapshot snapshot = log.snapshot(made.state);
  for (const auto& [queen, ballot] : std::exchange(replica->fetchers, {}))
    send_suffix(*replica, queen, ballot, snapshot.index, snapshot);
  for (auto& [queen, peer] : replica->lead.peers) {
    if (!std::exchange(peer.wants_snapshot, false) || peer.shipped) continue;
    send_sync(*replica, queen, peer, snapshot.index, snapshot);
  }
  return snapshot;
}

/// The best log that others have, in the place of the one that was lost.
void Agreement::recover(Replica& replica, const messages::Suffix& log) {
  touch(replica);
  if (splice(replica, log.log, log.base, log.entries, log.snapshot))
    replica.log.accepted = std::max(replica.log.accepted, log.log.accepted);
}

}  // namespace queenright::election
