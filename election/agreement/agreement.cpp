#include "election/agreement/agreement.hpp"

#include <algorithm>
#include <utility>

#include "election/random.hpp"

namespace queenright::election {

namespace {

/// Settled entries that are kept for standbys who are behind (A-R10): so many of a circuit, and of
/// all circuits together, but some of each. A snapshot does for who is further behind.
constexpr std::size_t kept_at_most = 256;
constexpr std::size_t kept_at_least = 8;
constexpr std::size_t kept_of_all = 65'536;

}  // namespace

Agreement::Agreement(Election& election, const Support& support, Letters& letters,
                     const Presence& presence, const Rules& rules, AgreementState state)
    : election_(election),
      support_(support),
      letters_(letters),
      presence_(presence),
      rules_(rules),
      state_(std::move(state)) {
  for (const auto& [circuit, replica] : state_.replicas) {
    if (replica.lead.phase != Phase::follow) unfinished_.insert(circuit);
    if (replica.lead.phase == Phase::sync || replica.lead.phase == Phase::opening)
      opening_.insert(circuit);
  }
}

void Agreement::boot(std::uint64_t seed) {
  state_.random = seed;
  state_.snapshots.clear();
  unfinished_.clear();
  opening_.clear();
  for (auto& [circuit, replica] : state_.replicas) {
    touch(replica).boot(now_);
    if (replica.log.restored) letters_.to_circuit(circuit, *replica.log.restored);
  }
}

Replica& Agreement::open(CircuitId circuit) { return open(circuit, false); }

void Agreement::open(const messages::OpenCircuit& opened) {
  if (!election_.forgotten(opened.circuit)) open(opened.circuit, opened.opener == self());
}

Replica& Agreement::open(CircuitId circuit, bool opener) {
  auto [place, fresh] = state_.replicas.try_emplace(circuit);
  if (fresh) {
    place->second.circuit = circuit;
    place->second.time_at = now_;
  }
  if (opener || !election_.knows(circuit)) election_.open(circuit, opener);
  return touch(place->second);
}

void Agreement::forget(CircuitId circuit) {
  state_.replicas.erase(circuit);
  touched_.erase(circuit);
  revisited_.erase(circuit);
  unfinished_.erase(circuit);
  opening_.erase(circuit);
  letters_.nothing_to_circuit(circuit);
}

Replica* Agreement::find(CircuitId circuit) {
  const auto found = state_.replicas.find(circuit);
  return found == state_.replicas.end() ? nullptr : &found->second;
}

Replica& Agreement::touch(Replica& replica) {
  touched_.insert(replica.circuit);
  if (replica.lead.phase != Phase::follow) unfinished_.insert(replica.circuit);
  return replica;
}

Replica& Agreement::revisit(Replica& replica) {
  revisited_.insert(replica.circuit);
  return replica;
}

std::size_t Agreement::kept() const {
  if (support_.state().pairs.empty()) return 0;
  return std::clamp(kept_of_all / state_.replicas.size(), kept_at_least, kept_at_most);
}

Stamp Agreement::stamp() { return {now_, wall_, next_random(state_.random), self()}; }

void Agreement::deliver_again(Replica& replica) {
  touch(replica).repeat_at.reset();
  replica.delivered = replica.log.settled;
  if (std::exchange(replica.checkpointing, false)) ask_for_checkpoint(replica);
}

std::set<CircuitId> Agreement::conclude() {
  auto concluded = std::exchange(touched_, {});
  for (const CircuitId circuit : concluded) {
    Replica* replica = find(circuit);
    if (replica == nullptr) continue;
    auto& log = replica->log;
    log.settle_own_entries();
    log.drop_settled(kept());
    if (auto committed = replica->next_delivery())
      letters_.to_circuit(circuit, std::move(*committed));
    if (!replica->appends()) continue;
    ship(*replica);
    announce(*replica);
    if (replica->lead.leaving) try_to_leave(*replica);
  }
  acknowledge();
  concluded.merge(std::exchange(revisited_, {}));
  return concluded;
}

/// Of a busy log two announcements at a time: one of all that came meanwhile follows the first.
void Agreement::announce(Replica& replica) {
  auto& lead = replica.lead;
  const LogIndex length = replica.log.length;
  if (length <= lead.announced || lead.durable < lead.awaited) return;
  lead.awaited = std::exchange(lead.announced, length);
  letters_.to(self(), messages::Self{replica.circuit, replica.log.accepted, length.value});
}

}  // namespace queenright::election
