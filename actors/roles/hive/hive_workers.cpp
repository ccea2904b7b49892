#include <algorithm>
#include <array>
#include <utility>

#include "actors/roles/hive/hive.hpp"
#include "actors/roles/plan/need.hpp"
#include "actors/roles/report.hpp"

/// The registry of workers: who they are, whether they are there, and how well they do.
namespace queenright::roles {

using messages::Address;
using messages::AppliedEntry;
using messages::CircuitId;
using messages::CommittedEntry;
using messages::OfferWorker;
using messages::Propose;
using messages::WorkerStanding;

namespace {

constexpr std::size_t workers_kept = 1000;
constexpr std::size_t drained_at_once = 1000;  // nodes

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

}  // namespace

std::string name_of(WorkerStanding standing) {
  static constexpr std::array<std::string_view, 6> names{"good",    "probation", "degraded",
                                                         "demoted", "lost",      "draining"};
  return std::string(names[static_cast<std::size_t>(standing)]);
}

std::string name_of_worker(const Address& worker) {
  return "worker@" + std::to_string(worker.node.value);
}

std::string unmet_need(const WorkerRecords& workers,
                       const std::vector<messages::WorkerNeed>& needs) {
  const auto unmet = std::find_if(needs.begin(), needs.end(), [&](const auto& need) {
    return std::none_of(workers.begin(), workers.end(),
                        [&](const auto& one) { return meets(one.second.offer, need); });
  });
  if (workers.empty() || unmet == needs.end()) return {};
  const Address* nearest = nullptr;
  std::vector<std::string> least;
  for (const auto& [worker, record] : workers) {
    auto missing = lacks(record.offer, *unmet);
    if (nearest != nullptr && missing.size() >= least.size()) continue;
    nearest = &worker;
    least = std::move(missing);
  }
  return "no worker could ever run all of it: the nearest, " + name_of_worker(*nearest) +
         ", lacks " + joined(least);
}

std::string Hive::refusal(const messages::RegisterWorker& worker) const {
  if (auto wrong = wrong_with(worker.offer); !wrong.empty()) return wrong;
  const auto known = state_.workers.find(worker.worker);
  if (known != state_.workers.end())
    return worker.session < known->second.session ? "a later life of this worker has registered"
                                                  : "";
  if (state_.workers.size() < workers_kept) return {};
  const bool room = std::any_of(state_.workers.begin(), state_.workers.end(),
                                [](const auto& one) { return one.second.lost; });
  return room ? "" : "a hive has at most 1000 workers";
}

void Hive::enroll(const messages::RegisterWorker& worker, const CommittedEntry& entry,
                  AppliedEntry& made) {
  made.refused = refusal(worker);
  if (!made.refused.empty()) return;
  if (!state_.workers.contains(worker.worker)) forget_a_lost_one();
  const auto [place, fresh] = state_.workers.try_emplace(worker.worker);
  auto& record = place->second;
  const bool same =
      !fresh && !record.lost && record.session == worker.session && record.offer == worker.offer;
  if (same) return;
  const bool back = std::exchange(record.lost, false);
  record.offer = worker.offer;
  record.session = worker.session;
  record.remembers = worker.remembers;
  record.registered = entry.wall;
  record.draining = state_.draining.contains(worker.worker.node);
  roster_changed_ = true;
  tell_circuits(worker.worker, made);
  if (!back) return;
  messages::CleanUpOthers others{worker.worker, {}, state_.last_circuit};
  for (const auto& [circuit, run] : state_.runs)
    if (!is_over(run.status)) others.wanted.push_back(circuit);
  made.effects.push_back(std::move(others));
}

/// Where there is no room for another one.
void Hive::forget_a_lost_one() {
  if (state_.workers.size() < workers_kept) return;
  const auto lost = std::find_if(state_.workers.begin(), state_.workers.end(),
                                 [](const auto& one) { return one.second.lost; });
  std::erase_if(reviews_, [&](const auto& review) { return review.second == lost->first; });
  state_.workers.erase(lost);
}

void Hive::lose(const messages::WorkerLost& lost, const CommittedEntry& entry, AppliedEntry& made) {
  const auto found = state_.workers.find(lost.worker);
  if (found == state_.workers.end() || found->second.lost ||
      found->second.session != lost.session) {
    made.refused = "it is not that session of the worker that is there";
    return;
  }
  found->second.lost = true;
  roster_changed_ = true;
  fail(found->second.health, "nobody heard of it", entry.circuit_time);
  plan_review(lost.worker);
  tell_circuits(lost.worker, made);
}

void Hive::judge(const messages::WorkerJudged& judged, const CommittedEntry& entry,
                 AppliedEntry& made) {
  const auto found = state_.workers.find(judged.worker);
  if (found == state_.workers.end() || judged.session < found->second.session) {
    made.refused = "it is not that session of the worker that is there";
    return;
  }
  auto& health = found->second.health;
  const bool changed =
      judged.failed ? fail(health, judged.reason, entry.circuit_time) : succeed(health);
  plan_review(judged.worker);
  if (changed) tell_circuits(judged.worker, made);
}

/// Those whose probation begins.
void Hive::review(const CommittedEntry& entry, AppliedEntry& made) {
  while (!reviews_.empty() && reviews_.begin()->first <= entry.circuit_time) {
    const Address worker = reviews_.begin()->second;
    const bool changed = pass_time(state_.workers.at(worker).health, entry.circuit_time);
    plan_review(worker);
    if (changed) tell_circuits(worker, made);
  }
}

void Hive::plan_review(const Address& worker) {
  std::erase_if(reviews_, [&](const auto& review) { return review.second == worker; });
  const auto& at = state_.workers.at(worker).health.probation_at;
  if (at) reviews_.emplace(*at, worker);
}

/// The key is new with each entry that tells of the worker.
Propose Hive::offer(CircuitId circuit, const Address& worker) const {
  const WorkerRecord& record = state_.workers.at(worker);
  auto standing = standing_of(record);
  if (!starts_attempts(state_.mode) && standing != WorkerStanding::lost)
    standing = WorkerStanding::draining;
  return {circuit,
          {"worker/" + std::to_string(worker.node.value), record.told.value},
          OfferWorker{worker, record.offer, record.session, record.remembers, standing, record.told,
                      standing == WorkerStanding::good ? "" : record.health.reason}};
}

void Hive::offer_all(CircuitId circuit, AppliedEntry& made) const {
  for (const auto& [worker, record] : state_.workers)
    made.effects.push_back(offer(circuit, worker));
}

void Hive::tell_circuits(const Address& worker, AppliedEntry& made) {
  state_.workers.at(worker).told = made.index;
  for (const auto& [circuit, run] : state_.runs)
    if (!is_over(run.status)) made.effects.push_back(offer(circuit, worker));
}

/// Its queen hears of it by the roster, the runs by what its worker is offered as.
void Hive::drain(const messages::DrainNode& wanted, AppliedEntry& made) {
  if (state_.draining.size() >= drained_at_once && !state_.draining.contains(wanted.node)) {
    made.refused = "too many nodes are drained already";
    return;
  }
  state_.draining[wanted.node] = wanted.reason.empty() ? "drained" : wanted.reason;
  drain_worker(wanted.node, made);
}

void Hive::undrain(const messages::UndrainNode& wanted, AppliedEntry& made) {
  if (state_.draining.erase(wanted.node) == 0) {
    made.refused = "the node is not drained";
    return;
  }
  drain_worker(wanted.node, made);
}

void Hive::drain_worker(messages::NodeId node, AppliedEntry& made) {
  roster_changed_ = true;
  const Address worker{node, messages::worker_role()};
  const auto known = state_.workers.find(worker);
  if (known == state_.workers.end()) return;
  const bool draining = state_.draining.contains(node);
  if (std::exchange(known->second.draining, draining) != draining) tell_circuits(worker, made);
}

std::optional<messages::Roster> Hive::roster(bool all) {
  if (!std::exchange(roster_changed_, false) && !all) return std::nullopt;
  messages::Roster roster;
  for (const auto& [worker, record] : state_.workers) {
    if (record.lost)
      roster.lost.push_back(worker);
    else
      roster.workers.push_back({worker, record.session, lost_after(record.offer)});
  }
  for (const auto& [node, reason] : state_.draining) roster.drained.push_back(node);
  return roster;
}

}  // namespace queenright::roles
