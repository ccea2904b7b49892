#include <algorithm>

#include "election/agreement/agreement.hpp"

/// How the log of a circuit ends: A-R13.
namespace queenright::election {

/// A CONF for what is confirmed, then the CLOSE; when a majority knows that, a ballot that
/// closes; and when that is known, this queen says that she has the end.
void Agreement::end_if_finished(Replica& replica) {
  const auto& log = replica.log;
  if (election_.forgotten(replica.circuit)) return;  // and dropped at the end of this step
  const bool over = election_.closed(replica.circuit);
  if (over && log.closed && !election_.contest(replica.circuit).ended.contains(self()))
    return election_.ended(replica.circuit);
  if (over || !replica.leads() || !log.finished) return;
  if (closable(replica)) {
    replica.lead.closing = true;
    return election_.close(replica.circuit);
  }
  if (log.closed) return;
  if (!replica.lead.confirmed.empty())
    append_own(replica, EntryKind::confirm);
  else if (nothing_is_open(log) && log.settled == log.length && !log.ends())
    append_own(replica, EntryKind::close);
}

/// All effects are confirmed, but for those of workers that are lost: who comes back is told which
/// circuits are over.
bool Agreement::nothing_is_open(const Log& log) const {
  return std::all_of(log.effects.begin(), log.effects.end(), [&](const auto& one) {
    const auto sink = sink_of(one.second);
    return sink && presence_.is_lost(*sink);
  });
}

/// The end is final, and a majority knows it.
bool Agreement::closable(const Replica& replica) const {
  if (!replica.leads() || replica.lead.closing || !nothing_is_open(replica.log)) return false;
  if (election_.contest(replica.circuit).led != replica.lead.ballot) return false;  // handed over
  if (!replica.log.closed) return !rules_.holds(Rule::close_after_commit);
  const auto knows = [&](const auto& one) {
    const auto& [queen, peer] = one;
    return peer.commit >= replica.log.length && is_current(queen, peer);
  };
  const auto& peers = replica.lead.peers;
  const auto known = 1 + std::count_if(peers.begin(), peers.end(), knows);
  return static_cast<std::size_t>(known) >= support_.majority() ||
         !rules_.holds(Rule::close_when_known);
}

/// Of circuits that were closed while this queen did not hear of their last entries.
void Agreement::fetch_ends() {
  for (const CircuitId circuit : election_.state().closed) {
    const Replica* replica = find(circuit);
    if (replica == nullptr || replica->log.closed) continue;
    for (const auto& [queen, pair] : support_.state().pairs)
      if (pair.until) letters_.to(queen, messages::Fetch{circuit, {}, replica->log.commit});
  }
}

/// What was fetched.
void Agreement::take_end(Replica& replica, const messages::Suffix& suffix) {
  if (!replica.log.closed && suffix.log.commit == suffix.log.length) adopt(replica, suffix);
}

}  // namespace queenright::election
