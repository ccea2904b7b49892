#include "election/amnesia.hpp"

#include <algorithm>
#include <utility>

namespace queenright::election {
namespace {

/// What a whole answer leaves out up to its highest circuit exists no more.
void add_forgotten(CircuitSet& forgotten, const SyncAnswer& answer) {
  std::uint64_t next = 1;
  for (const auto& [circuit, reply] : answer.replies) {
    if (circuit.value > answer.highest.value) break;
    if (next < circuit.value) forgotten.insert({next}, {circuit.value - 1});
    next = circuit.value + 1;
  }
  if (next <= answer.highest.value) forgotten.insert({next}, answer.highest);
}

}  // namespace

void Amnesia::boot(Instant now) {
  state_.answers.clear();
  state_.votes_from.reset();
  if (state_.lost) lose(now);
}

void Amnesia::lose(Instant now) {
  state_.lost = true;
  state_.asks_from = now + timing_.lease + timing_.hello;
}

bool Amnesia::voting(Instant now) const {
  return !state_.lost && (!state_.votes_from || now >= *state_.votes_from);
}

bool Amnesia::wants(NodeId queen, Instant now) const {
  if (!state_.lost || now < *state_.asks_from) return false;
  const auto answer = state_.answers.find(queen);
  if (answer == state_.answers.end()) return true;
  return !answer->second.whole && now >= answer->second.heard_at + timing_.hello;
}

void Amnesia::take(NodeId from, const messages::SyncReply& reply, Session session, Instant now) {
  if (!state_.lost || reply.session != session) return;
  SyncAnswer& answer = state_.answers[from];
  if (answer.whole) return;
  answer.heard_at = now;
  answer.replies[reply.circuit] = reply;
}

void Amnesia::take(NodeId from, const messages::SyncEnd& end, Session session, Instant now) {
  if (!state_.lost || end.session != session) return;
  SyncAnswer& answer = state_.answers[from];
  if (answer.whole) return;
  answer.heard_at = now;
  answer.whole = answer.replies.size() == end.circuits;
  answer.highest = end.highest;
  if (!answer.whole) answer.replies.clear();
}

std::optional<Recovered> Amnesia::complete(std::size_t needed, Instant now) {
  const auto whole = std::count_if(state_.answers.begin(), state_.answers.end(),
                                   [](const auto& one) { return one.second.whole; });
  if (!state_.lost || static_cast<std::size_t>(whole) < needed) return std::nullopt;
  Recovered recovered;
  std::map<CircuitId, Suffix> best;
  for (auto& [queen, answer] : state_.answers) {
    if (!answer.whole) continue;
    add_forgotten(recovered.forgotten, answer);
    for (auto& [circuit, reply] : answer.replies) {
      auto& floor = recovered.floors[circuit];
      floor = std::max(floor, reply.floor);
      const auto [log, fresh] = best.try_emplace(circuit, reply.log);
      if (!fresh && better(reply.log.log, log->second.log)) log->second = reply.log;
    }
  }
  for (auto& [circuit, log] : best)
    if (!recovered.forgotten.contains(circuit)) recovered.logs.push_back(std::move(log));
  std::erase_if(recovered.floors,
                [&](const auto& one) { return recovered.forgotten.contains(one.first); });
  state_.lost = false;
  state_.asks_from.reset();
  state_.votes_from = now + timing_.lease;
  state_.answers.clear();
  return recovered;
}

}  // namespace queenright::election
