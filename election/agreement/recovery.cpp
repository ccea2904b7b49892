#include <algorithm>

#include "election/agreement/agreement.hpp"

/// What a queen who lost her journal is told, and takes over: A-R14.
namespace queenright::election {

void Agreement::recover(const messages::Suffix& log) { adopt(open(log.circuit), log); }

/// A log that others have, in the place of what is here above the commit.
void Agreement::adopt(Replica& replica, const messages::Suffix& log) {
  if (splice(replica, log.log, log.base, log.entries, log.snapshot))
    replica.log.accepted = std::max(replica.log.accepted, log.log.accepted);
}

std::vector<CircuitId> Agreement::tell_what_was_promised(const WantedAnswer& wanted) {
  std::vector<CircuitId> asked;
  for (const auto& [circuit, floor] : wanted.floors) {
    Replica* replica = find(circuit);
    if (replica == nullptr || replica->log.dropped == LogIndex{}) continue;
    if (state_.snapshots[circuit].index >= replica->log.dropped) continue;
    ask_for_checkpoint(*replica);
    asked.push_back(circuit);
  }
  if (!asked.empty()) return asked;
  for (const auto& [circuit, floor] : wanted.floors)
    letters_.to(wanted.queen,
                messages::SyncReply{wanted.session, circuit, floor, whole_log(circuit)});
  letters_.to(wanted.queen,
              messages::SyncEnd{wanted.session, wanted.floors.size(), wanted.highest});
  state_.snapshots.clear();
  return {};
}

/// From its snapshot on, if one was asked for.
messages::Suffix Agreement::whole_log(CircuitId circuit) const {
  messages::Suffix whole;
  whole.circuit = circuit;
  const auto replica = state_.replicas.find(circuit);
  if (replica == state_.replicas.end()) return whole;
  const Log& log = replica->second.log;
  whole.log = log.vector();
  if (const auto kept = state_.snapshots.find(circuit); kept != state_.snapshots.end()) {
    whole.base = kept->second.index;
    whole.snapshot = kept->second;
  }
  whole.entries = log.entries_after(whole.base);
  return whole;
}

}  // namespace queenright::election
