#include "election/agreement/agreement.hpp"

#include "election/random.hpp"

namespace queenright::election {

namespace {

/// Settled entries that are kept for standbys who are behind (A-R10).
constexpr std::size_t kept_for_standbys = 256;

}  // namespace

void Agreement::restore(std::map<CircuitId, Replica> replicas, std::uint64_t random) {
  replicas_ = std::move(replicas);
  random_ = random;
  for (const auto& [circuit, replica] : replicas_)
    if (replica.lead.phase != Phase::follow) unfinished_.insert(circuit);
}

void Agreement::boot(std::uint64_t seed) {
  random_ = seed;
  unfinished_.clear();
  for (auto& [circuit, replica] : replicas_) {
    touch(replica).boot(now_);
    if (replica.log.restored) letters_.to_circuit(circuit, *replica.log.restored);
  }
}

Replica& Agreement::open(CircuitId circuit) {
  auto [place, fresh] = replicas_.try_emplace(circuit);
  if (fresh) {
    place->second.circuit = circuit;
    place->second.time_at = now_;
  }
  return touch(place->second);
}

void Agreement::forget(CircuitId circuit) {
  replicas_.erase(circuit);
  touched_.erase(circuit);
  unfinished_.erase(circuit);
}

Replica* Agreement::find(CircuitId circuit) {
  const auto found = replicas_.find(circuit);
  return found == replicas_.end() ? nullptr : &found->second;
}

Replica& Agreement::touch(Replica& replica) {
  touched_.insert(replica.circuit);
  if (replica.lead.phase != Phase::follow) unfinished_.insert(replica.circuit);
  return replica;
}

std::size_t Agreement::kept() const {
  return support_.state().pairs.empty() ? 0 : kept_for_standbys;
}

Stamp Agreement::stamp() { return {now_, wall_, next_random(random_), self()}; }

std::set<CircuitId> Agreement::conclude() {
  const auto concluded = std::exchange(touched_, {});
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
    if (log.length > replica->lead.announced) {
      replica->lead.announced = log.length;
      letters_.to(self(), messages::Self{circuit, log.accepted, log.length.value});
    }
    if (replica->lead.leaving) try_to_leave(*replica);
  }
  acknowledge();
  return concluded;
}

}  // namespace queenright::election
