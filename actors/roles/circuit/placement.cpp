#include "actors/roles/circuit/placement.hpp"

#include <algorithm>

#include "actors/roles/hive/worker_record.hpp"
#include "actors/roles/plan/need.hpp"
#include "election/random.hpp"

namespace queenright::roles {

using messages::Address;
using messages::OfferWorker;
using messages::WorkerStanding;

namespace {

constexpr std::uint32_t window = 16;
constexpr std::size_t rejections_told = 3;

std::uint32_t slots_of(const OfferWorker& worker) {
  const auto slots = worker.offer.slots;
  return worker.standing == WorkerStanding::probation ? std::max(slots / 2, 1U) : slots;
}

/// Why it can't be used at all; empty: it can.
std::string rejection(const KnownWorker& worker, const messages::WorkerNeed& need) {
  if (!meets(worker.told.offer, need)) return "lacks " + lacks(worker.told.offer, need).front();
  if (worker.told.standing == WorkerStanding::lost) return "is lost";
  if (worker.told.standing == WorkerStanding::demoted) return "is demoted";
  if (worker.told.standing == WorkerStanding::draining) return "takes nothing new";
  return {};
}

std::uint64_t weight(const Placing& wanted, const Address& worker) {
  std::uint64_t state = wanted.circuit.value;
  state = election::next_random(state) ^ wanted.task.value;
  state = election::next_random(state) ^ worker.node.value;
  return election::next_random(state);
}

/// Of those who can be used: who is better for this task.
class Preference {
 public:
  explicit Preference(const Placing& wanted) : wanted_(wanted) {}

  bool operator()(const Candidate* one, const Candidate* other) const {
    const auto& first = one->worker.told;
    const auto& second = other->worker.told;
    if (tier(*one) != tier(*other)) return tier(*one) < tier(*other);
    if (is_near(*one) != is_near(*other)) return is_near(*one);
    const auto load = std::uint64_t{one->given} * slots_of(second);
    const auto other_load = std::uint64_t{other->given} * slots_of(first);
    if (load != other_load) return load < other_load;
    return weight(wanted_, first.worker) > weight(wanted_, second.worker);
  }

  bool is_near(const Candidate& candidate) const {
    return wanted_.mode == PlanMode::hybrid && wanted_.near == candidate.worker.told.worker;
  }

 private:
  /// Healthy with a free slot, healthy, healthy but for this step, degraded.
  static int tier(const Candidate& candidate) {
    if (candidate.worker.told.standing == WorkerStanding::degraded) return 3;
    if (candidate.breaker_is_open) return 2;
    return candidate.given < slots_of(candidate.worker.told) ? 0 : 1;
  }

  const Placing& wanted_;
};

}  // namespace

std::uint32_t most_given(const OfferWorker& worker) {
  if (worker.standing == WorkerStanding::probation) return slots_of(worker);
  return worker.offer.slots + window;
}

Placement place(const Placing& wanted, const std::vector<Candidate>& candidates) {
  Placement made;
  std::vector<const Candidate*> usable;
  const bool bound = wanted.mode == PlanMode::local && wanted.near.has_value();
  for (const auto& candidate : candidates) {
    const auto& worker = candidate.worker.told.worker;
    auto why = rejection(candidate.worker, wanted.need);
    if (why.empty() && bound && wanted.near != worker) why = "is not where this local run is";
    if (!why.empty())
      made.rejected.emplace_back(worker, std::move(why));
    else if (candidate.worker.declines_until)
      made.rejected.emplace_back(worker, "declined, and is asked again");
    else if (wanted.takes_slot && candidate.given >= most_given(candidate.worker.told))
      made.full = true;
    else
      usable.push_back(&candidate);
  }
  if (usable.empty()) return made;
  made.full = false;
  const Preference better(wanted);
  const auto* chosen = *std::min_element(usable.begin(), usable.end(), better);
  made.worker = chosen->worker.told.worker;
  if (bound)
    made.because = "where this local run is";
  else if (better.is_near(*chosen))
    made.because = "near what it needs";
  else if (usable.size() == 1)
    made.because = candidates.size() == 1 ? "the only one" : "the only one that can take it";
  else
    made.because = "least loaded of " + std::to_string(usable.size());
  if (chosen->worker.told.standing == WorkerStanding::degraded) made.because += ", though degraded";
  if (chosen->breaker_is_open) made.because += ", though its breaker is open";
  return made;
}

std::string short_form(const Placement& placement) {
  std::string text = placement.worker             ? placement.because
                     : placement.full             ? "all who can take it are busy"
                     : placement.rejected.empty() ? "no worker is there"
                                                  : "no worker can take it now";
  for (std::size_t i = 0; i < placement.rejected.size() && i < rejections_told; ++i)
    text += "; " + name_of_worker(placement.rejected[i].first) + " " + placement.rejected[i].second;
  if (placement.rejected.size() > rejections_told)
    text += "; and " + std::to_string(placement.rejected.size() - rejections_told) + " others";
  return text;
}

}  // namespace queenright::roles
