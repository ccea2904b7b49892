#include <algorithm>

#include "election/agreement/agreement.hpp"
#include "election/timing.hpp"
#include "messages/ensure.hpp"

/// The side of a root: A-R2 to A-R8, A-R11, A-R12.
namespace queenright::election {

using messages::ensure;
using messages::incarnation_of;

namespace {

/// On their way to one standby are at most so many entries and bytes, but always one (A-R9); and
/// two Appends: what comes meanwhile goes together when the first one is acknowledged.
constexpr std::uint64_t window = 1'024;
constexpr std::uint64_t window_bytes = 1U << 20U;

/// The last entry that may be on its way to her.
LogIndex end_of_window(const Replica& replica, const Peer& peer) {
  const auto& lead = replica.lead;
  const LogIndex last{std::min(replica.log.length.value, peer.match.value + window)};
  const std::uint64_t most = replica.bytes_up_to(peer.match) + window_bytes;
  if (replica.bytes_up_to(last) <= most) return last;
  LogIndex end = after(peer.match);
  for (auto next = lead.bytes.upper_bound(end); next->second <= most; ++next) end = next->first;
  return end;
}

/// Something more may go to her now.
bool has_room(const Replica& replica, const Peer& peer) {
  return peer.match >= peer.awaited && peer.next <= end_of_window(replica, peer);
}

}  // namespace

void Peer::rewind() {
  next = after(match);
  awaited = match;
}

/// A vector is kept though its queen promised a higher ballot since: it tells what she had when
/// she did (A-R3).
void Agreement::granted(NodeId from, const messages::Grant& grant) {
  Replica* replica = find(grant.circuit);
  if (replica == nullptr || grant.ballot.queen != self() ||
      grant.ballot.session != support_.state().session)
    return;
  Grantor& grantor = touch(*replica).lead.grantors[from];
  if (grant.ballot < grantor.ballot) return;
  grantor = {grant.ballot, grant.log, grant.suffix};
  if (replica->appends()) start_shipping(*replica, from);
}

void Agreement::elected(CircuitId circuit) {
  Replica& replica = touch(*find(circuit));
  Lead fresh;
  fresh.phase = Phase::sync;
  fresh.ballot = election_.contest(circuit).led;
  fresh.grantors = std::move(replica.lead.grantors);
  fresh.pending = std::move(replica.lead.pending);
  fresh.leaving = std::move(replica.lead.leaving);  // a higher epoch is no reason to stay
  replica.lead = std::move(fresh);
  unfinished_.insert(circuit);
  opening_.insert(circuit);
  adopt_best(replica);
}

void Agreement::deposed(CircuitId circuit) {
  Replica& replica = touch(*find(circuit));
  give_up_pending(replica, {});
  replica.lead = {};
  unfinished_.erase(circuit);
  opening_.erase(circuit);
}

// A-R2, A-R3.
void Agreement::adopt_best(Replica& replica) {
  auto& lead = replica.lead;
  const auto is_better = [&](const LogVector& one, const LogVector& other) {
    if (!rules_.holds(Rule::best_by_epoch)) return one.length > other.length;
    return better(one, other);
  };
  LogVector best = replica.log.vector();
  std::optional<NodeId> whose;
  for (const auto& [queen, grantor] : lead.grantors) {
    if (grantor.ballot < lead.ballot || !is_better(grantor.log, best)) continue;
    best = grantor.log;
    whose = queen;
  }
  if (!whose || !rules_.holds(Rule::adopt_best)) return open_epoch(replica);
  const Grantor grantor = lead.grantors.at(*whose);
  const bool whole = grantor.log.commit.value + grantor.suffix.size() == best.length.value;
  if (whole && splice(replica, best, grantor.log.commit, grantor.suffix, std::nullopt))
    return open_epoch(replica);
  lead.fetching = whose;
  lead.fetch_again = now_ + support_.timing().hello;
  lead.fetch_ends = now_ + 2 * timing::candidacy(support_.timing());
  letters_.to(*whose, messages::Fetch{replica.circuit, lead.ballot, replica.log.commit});
}

// A-R4.
void Agreement::open_epoch(Replica& replica) {
  auto& lead = replica.lead;
  auto& log = replica.log;
  ensure(log.accepted < lead.ballot.epoch, "each epoch of a circuit is opened once");
  log.accepted = lead.ballot.epoch;
  lead.fetching.reset();
  lead.phase = Phase::opening;
  for (auto next = log.entries.upper_bound(log.settled); next != log.entries.end(); ++next)
    if (next->second.key != Key{}) lead.pending[next->second.key].index = next->first;
  replica.weigh();
  replica.append_own(EntryKind::open, stamp());
  lead.opened = log.length;
  for (const auto& [queen, grantor] : lead.grantors) start_shipping(replica, queen);
  for (auto& [queen, grantor] : lead.grantors) grantor.suffix.clear();
}

/// Begins to ship to a queen who has granted this very ballot (A-R1), or goes on after she
/// granted it again.
void Agreement::start_shipping(Replica& replica, NodeId queen) {
  auto& lead = replica.lead;
  const Grantor& grantor = lead.grantors.at(queen);
  if (grantor.ballot != lead.ballot) return;
  const auto incarnation = incarnation_of(support_.pair(queen).session);
  Peer& peer = lead.peers[queen];
  if (peer.incarnation != incarnation) peer = {};
  peer.incarnation = incarnation;
  peer.heard = now_;
  peer.commit = std::max(peer.commit, grantor.log.commit);
  peer.learned = std::max(peer.learned, peer.commit);
  if (grantor.log.accepted == replica.log.accepted) {
    peer.shipped = peer.synced = true;
    peer.match = std::max(peer.match, grantor.log.length);
    peer.next = std::max(peer.next, after(peer.match));
    peer.waits = true;
    advance_commit(replica);
  } else if (!peer.synced) {
    peer.shipped = false;
  }
}

void Agreement::take(NodeId from, const messages::Appended& appended) {
  Replica* replica = find(appended.circuit);
  if (replica == nullptr || !replica->appends() || appended.ballot != replica->lead.ballot) return;
  const auto found = touch(*replica).lead.peers.find(from);
  if (found == replica->lead.peers.end()) return;
  Peer& peer = found->second;
  peer.heard = now_;
  peer.learned = std::max(peer.learned, appended.log.commit);
  if (!appended.promises()) return;
  peer.commit = std::max(peer.commit, appended.log.commit);
  if (appended.log.accepted != replica->log.accepted) {
    peer.shipped = peer.synced = false;  // the SYNC was lost
    return;
  }
  peer.synced = true;
  peer.match = std::max(peer.match, appended.log.length);
  peer.next = std::max(peer.next, after(peer.match));
  if (appended.gap) peer.rewind();
  advance_commit(*replica);
}

// A-R1: she has promised a higher ballot; if that is not this queen's own, one above it is needed.
void Agreement::take(NodeId from, const messages::AppendRefused& refused) {
  const Replica* replica = find(refused.circuit);
  if (replica == nullptr || replica->lead.phase == Phase::follow ||
      refused.ballot != replica->lead.ballot || refused.promised.queen == self())
    return;
  election_.take(from, messages::Reject{refused.circuit, refused.ballot, refused.promised});
}

void Agreement::take(const messages::Self& own) {
  Replica* replica = find(own.circuit);
  if (replica == nullptr || !replica->appends() || own.epoch != replica->log.accepted) return;
  auto& lead = touch(*replica).lead;
  lead.durable = std::max(lead.durable, LogIndex{own.length});
  advance_commit(*replica);
}

/// A-R15: no higher incarnation of her is known than the one that acknowledged.
bool Agreement::is_current(NodeId queen, const Peer& peer) const {
  return peer.incarnation == support_.state().incarnations.at(queen) ||
         !rules_.holds(Rule::current_incarnation);
}

// A-R7.
void Agreement::advance_commit(Replica& replica) {
  auto& lead = replica.lead;
  std::vector<LogIndex> durable{lead.durable};
  for (const auto& [queen, peer] : lead.peers)
    durable.push_back(peer.synced && is_current(queen, peer) ? peer.match : LogIndex{});
  const std::size_t majority =
      support_.majority() - (rules_.holds(Rule::commit_by_majority) || durable.size() == 1 ? 0 : 1);
  if (durable.size() < majority) return;
  std::sort(durable.rbegin(), durable.rend());
  const LogIndex agreed = durable[majority - 1];
  ensure(agreed <= replica.log.length, "nobody holds more of an epoch than its root");
  replica.log.commit = std::max(replica.log.commit, agreed);
  if (lead.phase != Phase::opening || replica.log.commit < lead.opened) return;
  lead.phase = Phase::lead;
  opening_.erase(replica.circuit);
  begun_.push_back(replica.circuit);
}

void Agreement::append(Replica& replica, messages::Submit submit, NodeId entry_queen) {
  touch(replica).append_command(std::move(submit), entry_queen, stamp());
}
void Agreement::append_own(Replica& replica, EntryKind kind) {
  touch(replica).append_own(kind, stamp());
}
void Agreement::append_time_passed(Replica& replica) { touch(replica).append_time_passed(stamp()); }

void Agreement::take(const messages::SinkAck& ack) {
  if (!ack.refused) confirm(ack.circuit, ack.id);
}

void Agreement::confirm(CircuitId circuit, const EffectId& effect) {
  Replica* replica = find(circuit);
  if (replica == nullptr || !revisit(*replica).leads() || !replica->log.effects.contains(effect))
    return;
  replica->lead.confirmed.insert(effect);
  if (!replica->lead.confirm_at) replica->lead.confirm_at = now_ + timing::tick(support_.timing());
}

void Agreement::tell_commit(Replica& replica, NodeId standby) {
  const auto peer = touch(replica).lead.peers.find(standby);
  if (peer != replica.lead.peers.end()) peer->second.waits = true;
}

void Agreement::ship(Replica& replica) {
  for (auto& [queen, peer] : replica.lead.peers) ship_to(replica, queen, peer);
}

void Agreement::ship_to(Replica& replica, NodeId to, Peer& peer) {
  const auto& log = replica.log;
  if (!support_.supported_by(to, now_)) return;
  if (!peer.shipped) {
    if (peer.commit < log.dropped) {
      peer.wants_snapshot = true;
      return ask_for_checkpoint(replica);
    }
    return send_sync(replica, to, peer, peer.commit, std::nullopt);
  }
  // A successor is to know what is committed (A-R12), and not only with the next tick.
  const bool asked = std::exchange(peer.waits, false) || replica.lead.leaving;
  const bool waits = asked && peer.told < log.commit;
  if (!waits && !has_room(replica, peer)) return;
  if (peer.next.value <= log.dropped.value) {  // she has lost what everybody has dropped
    peer.shipped = false;
    return ship_to(replica, to, peer);
  }
  send_entries(replica, to, peer);
}

/// A-R5: a SYNC is whole, or a short log of this epoch could be preferred to a longer one before.
void Agreement::send_sync(const Replica& replica, NodeId to, Peer& peer, LogIndex base,
                          std::optional<LogSnapshot> snapshot) {
  const auto& log = replica.log;
  letters_.to(to, messages::Append{replica.circuit, replica.lead.ballot, true, base,
                                   log.entries_after(base), std::move(snapshot), log.commit});
  peer.shipped = true;
  peer.awaited = {};
  peer.next = after(log.length);
  peer.told = log.commit;
}

/// A-R6, A-R9: what the window has room for; maybe no entries, but how much is committed. Of a
/// closed log that is to be acknowledged as what lasts (A-R13): again a SYNC, though of nothing.
void Agreement::send_entries(const Replica& replica, NodeId to, Peer& peer) {
  const auto& log = replica.log;
  const bool lasts = log.closed && peer.next > log.length;
  messages::Append more{replica.circuit, replica.lead.ballot, lasts, {peer.next.value - 1}, {},
                        std::nullopt,    log.commit};
  const LogIndex last = peer.match >= peer.awaited ? end_of_window(replica, peer) : more.base;
  if (peer.next == after(peer.match)) peer.heard = now_;  // nothing was under way
  for (auto next = log.entries.find(peer.next); next != log.entries.end() && next->first <= last;
       ++next)
    more.entries.push_back(next->second);
  if (!more.entries.empty()) peer.awaited = more.base;
  peer.next = std::max(peer.next, after(last));
  peer.told = log.commit;
  letters_.to(to, std::move(more));
}

/// Those who forwarded a command that may be replaced can't be told what became of it.
void Agreement::give_up_pending(Replica& replica, LogIndex above) {
  std::erase_if(replica.lead.pending, [&](const auto& one) {
    const auto& [key, pending] = one;
    if (pending.index <= above) return false;
    for (const auto queen : pending.queens)
      letters_.to(
          queen,
          messages::Reply{
              replica.circuit, key, messages::Answered::unknown, {}, "its root lost the lead"});
    return true;
  });
}

void Agreement::leave(Replica& replica, const std::string& reason) {
  if (support_.state().pairs.empty()) return;  // to nobody
  auto& lead = touch(replica).lead;
  if (lead.phase == Phase::follow || lead.leaving) return;
  lead.leaving = Leaving{reason, now_ + timing::draining};
  unfinished_.insert(replica.circuit);
}

bool Agreement::may_succeed(NodeId queen) const {
  const Pair& pair = support_.pair(queen);
  return support_.supports(queen, pair.session) && support_.supported_by(queen, now_) &&
         pair.hello.connected && pair.hello.willing();
}

// A-R12: the successor is caught up first; but not for ever.
void Agreement::try_to_leave(Replica& replica) {
  const auto& log = replica.log;
  std::optional<NodeId> successor;
  for (const auto& [queen, peer] : replica.lead.peers)
    if (may_succeed(queen) && peer.synced && peer.match == log.length && peer.learned == log.length)
      successor = queen;
  const Leaving leaving = *replica.lead.leaving;
  if (!successor && now_ < leaving.ends) return;
  for (const auto& [queen, pair] : support_.state().pairs)
    if (!successor && may_succeed(queen)) successor = queen;
  if (!successor) return replica.lead.leaving.reset();  // nobody could: she goes on
  election_.hand_over(replica.circuit, successor, leaving.reason);
}

/// A queen who is not to lead gives up what she leads as soon as another one could take it.
void Agreement::leave_if_unwilling() {
  if (election_.willing() && election_.avoided().empty()) return;
  const auto& pairs = support_.state().pairs;
  const bool possible = std::any_of(pairs.begin(), pairs.end(),
                                    [&](const auto& one) { return may_succeed(one.first); });
  if (!possible) return;
  for (const auto circuit : election_.avoided())
    if (Replica* replica = find(circuit); replica != nullptr && replica->leads())
      leave(*replica, "what was agreed is not applied");
  if (election_.willing()) return;
  for (auto& [circuit, replica] : state_.replicas)
    if (replica.leads()) leave(replica, "she " + std::string(reason_of(election_.standing())));
}

void Agreement::tick() {
  leave_if_unwilling();
  for (const CircuitId circuit : std::set(unfinished_))
    if (!keep_up(*find(circuit))) unfinished_.erase(circuit);
  fetch_ends();
}

/// False when nothing is left to be done before the circuit is touched again.
bool Agreement::keep_up(Replica& replica) {
  auto& lead = replica.lead;
  if (lead.fetching && now_ >= lead.fetch_ends) {
    election_.hand_over(replica.circuit, std::nullopt, "the best log could not be had");
    return false;
  }
  if (lead.fetching && now_ >= lead.fetch_again) {
    lead.fetch_again = now_ + support_.timing().hello;
    letters_.to(*lead.fetching, messages::Fetch{replica.circuit, lead.ballot, replica.log.commit});
  }
  bool unfinished = lead.phase == Phase::sync || lead.leaving;
  for (auto& [queen, peer] : lead.peers) {
    const LogIndex knows = replica.log.closed ? peer.commit : peer.learned;  // A-R13
    const bool behind =
        !peer.synced || peer.match < replica.log.length || knows < replica.log.commit;
    unfinished |= behind;  // also while her lease is over: it may go on as it was
    if (!behind || !support_.supported_by(queen, now_)) continue;
    if (now_ >= peer.heard + support_.timing().hello && rules_.holds(Rule::resend)) {  // A-R8
      peer.heard = now_;
      peer.shipped = peer.synced;
      peer.rewind();
      peer.told = {};
    }
    ship_to(touch(replica), queen, peer);
    if (peer.shipped && peer.told < replica.log.commit)  // nothing carried it
      send_entries(replica, queen, peer);
  }
  if (lead.leaving) try_to_leave(replica);
  return unfinished;
}

}  // namespace queenright::election
