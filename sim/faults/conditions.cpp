#include "sim/faults/conditions.hpp"

#include <algorithm>

namespace queenright::sim {
namespace {

using enum FaultKind;

void add(Conditions& all, const Fault& fault) {
  const NodeId node = fault.nodes.empty() ? NodeId{} : fault.nodes.front();
  const auto amount = static_cast<std::uint32_t>(fault.amount);
  switch (fault.kind) {
    case one_way: all.cuts.emplace(fault.nodes[0], fault.nodes[1]); break;
    case loss: all.loss = std::max(all.loss, amount); break;
    case duplicates: all.duplicates = std::max(all.duplicates, amount); break;
    case delay: all.delay = std::max(all.delay, Duration{fault.amount}); break;
    case bandwidth: {
      const auto bytes = static_cast<std::uint64_t>(fault.amount);
      all.bandwidth = all.bandwidth == 0 ? bytes : std::min(all.bandwidth, bytes);
      break;
    }
    case crash:
    case exit:
    case torn_block:
    case flipped_bit:
    case lost_directory: all.down.insert(node); break;
    case failed_write:
    case failed_sync: all.failing.insert(node); break;
    case full_disk:
      all.full.insert(node);
      all.failing.insert(node);
      break;
    case failed_spawn: all.barren.insert(node); break;
    case pause: all.paused.insert(node); break;
    case rate: all.rates[node] = fault.amount; break;
    case slow_sync: all.slow[node] = std::max(all.slow[node], Duration{fault.amount}); break;
    case lying_sync: all.lying.insert(node); break;
    case demote:
      if (fault.amount < 0) all.demoted.insert(node);
      break;
    default: break;  // over at once
  }
}

}  // namespace

Duration end_of(const Fault& fault) {
  if (!trait_of(fault.kind).lasts) return fault.at;
  return fault.span == Duration{} ? Duration::max() : fault.at + fault.span;
}

Conditions conditions_at(std::span<const Fault> unfolded, Duration now) {
  Conditions all;
  for (const Fault& fault : unfolded)
    if (fault.at <= now && now < end_of(fault)) add(all, fault);
  return all;
}

}  // namespace queenright::sim
