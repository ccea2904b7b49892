#include <utility>

#include "election/queen.hpp"

/// What queens owe each other when one was away too long: the ends of circuits (A-R13), and what
/// was promised before a journal was lost (R14, A-R14).
namespace queenright::election {

using messages::SyncEnd;
using messages::SyncReply;

/// Circuits that were closed while this queen did not hear of their last entries.
void Queen::fetch_ends() {
  for (const CircuitId circuit : election_.state().closed) {
    const Replica* replica = agreement_.find(circuit);
    if (replica == nullptr || replica->log.closed) continue;
    for (const auto& [queen, pair] : support_.state().pairs)
      if (pair.until) letters_.to(queen, messages::Fetch{circuit, {}, replica->log.commit});
  }
}

void Queen::checkpointed(const messages::Checkpointed& made) {
  const auto kept = state_.snapshots.find(made.circuit);
  auto snapshot = agreement_.take(made);
  if (snapshot && kept != state_.snapshots.end()) kept->second = std::move(*snapshot);
}

/// All in one envelope, as of the end of this step. Where entries were dropped, their circuits
/// are asked for a checkpoint first; the other queen asks again with her next hello.
void Queen::tell_what_was_promised(const WantedAnswer& wanted) {
  bool ready = true;
  for (const auto& [circuit, floor] : wanted.floors) {
    Replica* replica = agreement_.find(circuit);
    if (replica == nullptr || replica->log.dropped == LogIndex{}) continue;
    if (state_.snapshots[circuit].index >= replica->log.dropped) continue;
    ready = false;
    agreement_.ask_for_checkpoint(*replica);
    await_answers(*replica);
  }
  if (!ready) return;
  for (const auto& [circuit, floor] : wanted.floors) {
    SyncReply reply{wanted.session, circuit, floor, {}};
    reply.log.circuit = circuit;
    if (const Replica* replica = agreement_.find(circuit)) {
      reply.log.log = replica->log.vector();
      if (const auto kept = state_.snapshots.find(circuit); kept != state_.snapshots.end()) {
        reply.log.base = kept->second.index;
        reply.log.snapshot = kept->second;
      }
      reply.log.entries = replica->log.entries_after(reply.log.base);
    }
    letters_.to(wanted.queen, std::move(reply));
  }
  letters_.to(wanted.queen, SyncEnd{wanted.session, wanted.floors.size(), wanted.highest});
  state_.snapshots.clear();
}

}  // namespace queenright::election
