#include <algorithm>

#include "election/agreement/agreement.hpp"

/// The side of a standby, and of whoever has what another one needs: A-R1, A-R3, A-R5, A-R6,
/// A-R10.
namespace queenright::election {

namespace {

/// Entries that ride along with a grant (A-R2).
constexpr std::uint64_t short_suffix = 64;

}  // namespace

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
  replica.current = false;
  const bool new_epoch =
      replica.log.accepted != append.ballot.epoch || !rules_.holds(Rule::sync_once);
  const bool taken =
      append.sync && new_epoch ? take_sync(replica, append) : take_entries(replica, append);
  note(from, append, !taken);
}

/// A-R5. False: something before it is missing.
bool Agreement::take_sync(Replica& replica, const messages::Append& append) {
  const LogVector known{{}, {}, replica.log.commit};
  if (!splice(replica, known, append.base, append.entries, append.snapshot)) return false;
  if (rules_.holds(Rule::stamp_accepted)) replica.log.accepted = append.ballot.epoch;
  learn_commit(replica, append.commit);
  return true;
}

/// A-R6. False: something before them is missing, or the SYNC of their epoch.
bool Agreement::take_entries(Replica& replica, const messages::Append& append) {
  auto& log = replica.log;
  if (log.accepted != append.ballot.epoch) return false;
  if (append.snapshot && append.snapshot->index > log.length)
    install(replica, *append.snapshot);  // A-R10: of the same epoch, and all of it newer
  const bool contiguous = append.base <= log.length;
  if (contiguous) log.extend(append.base, append.entries);
  if (contiguous && !append.entries.empty()) replica.time_at = now_;
  learn_commit(replica, append.commit);
  return contiguous;
}

// A-R7.
void Agreement::learn_commit(Replica& replica, LogIndex commit) {
  auto& log = replica.log;
  log.commit = std::max(log.commit, std::min(commit, log.length));
  replica.current = log.commit >= commit;
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

/// To be acknowledged at the end of the step.
void Agreement::note(NodeId root, const messages::Append& append, bool gap) {
  const bool brings = append.sync || !append.entries.empty() || append.snapshot.has_value();
  auto& answer = acknowledgements_[append.circuit];
  answer = {root, append.ballot, answer.gap || gap, answer.promises || brings};
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
  if (suffix.ballot == Ballot{}) return take_end(replica, suffix);
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

void Agreement::take(const messages::Checkpointed& made) {
  Replica* replica = find(made.circuit);
  if (replica == nullptr || !replica->checkpointing) return;
  replica->checkpointing = false;
  const auto& log = touch(*replica).log;
  if (made.applied != log.applied) return ask_for_checkpoint(*replica);  // of before a restart
  hand_out(*replica, log.snapshot(made.state));
}

/// To all who wait for it.
void Agreement::hand_out(Replica& replica, LogSnapshot snapshot) {
  for (const auto& [queen, ballot] : std::exchange(replica.fetchers, {}))
    send_suffix(replica, queen, ballot, snapshot.index, snapshot);
  for (auto& [queen, peer] : replica.lead.peers) {
    if (!std::exchange(peer.wants_snapshot, false) || peer.shipped) continue;
    send_sync(replica, queen, peer, snapshot.index, snapshot);
  }
  const auto kept = state_.snapshots.find(replica.circuit);
  if (kept != state_.snapshots.end()) kept->second = std::move(snapshot);
}

void Agreement::complete(messages::Grant& grant) const {
  const auto replica = state_.replicas.find(grant.circuit);
  if (replica == state_.replicas.end()) return;
  const Log& log = replica->second.log;
  grant.log = log.vector();
  if (log.commit >= log.dropped && log.length.value - log.commit.value <= short_suffix)
    grant.suffix = log.entries_after(log.commit);
}

}  // namespace queenright::election
