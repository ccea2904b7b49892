#include "sim/invariants/all.hpp"

#include <algorithm>

#include "sim/invariants/agreement_invariants.hpp"
#include "sim/invariants/attempt_invariants.hpp"
#include "sim/invariants/election_invariants.hpp"
#include "sim/invariants/liveness.hpp"
#include "sim/invariants/run_invariants.hpp"
#include "sim/invariants/sink_invariants.hpp"

namespace queenright::sim {

std::vector<std::unique_ptr<Watcher>> invariants_for(const std::vector<Fault>& faults,
                                                     bool demand_liveness) {
  const auto has = [&](FaultKind kind) {
    return std::any_of(faults.begin(), faults.end(),
                       [&](const Fault& fault) { return fault.kind == kind; });
  };
  const bool bounded = !has(FaultKind::wild_rate);
  std::vector<std::unique_ptr<Watcher>> all;
  if (has(FaultKind::lying_sync)) return all;  // then no promise is kept
  all.push_back(std::make_unique<ElectionInvariants>(bounded));
  all.push_back(std::make_unique<AgreementInvariants>());
  all.push_back(std::make_unique<SinkInvariants>());
  all.push_back(std::make_unique<AttemptInvariants>());
  all.push_back(std::make_unique<RunInvariants>());
  all.push_back(std::make_unique<Liveness>(demand_liveness));
  return all;
}

}  // namespace queenright::sim
