#include "election/presence.hpp"

#include <algorithm>
#include <chrono>

namespace queenright::election {

namespace {

/// Between two proposals of one loss.
constexpr Duration propose_again_after = std::chrono::milliseconds{500};

}  // namespace

void Presence::boot(messages::NodeId self, Instant now) {
  state_.self = self;
  for (auto& [worker, watched] : state_.watched) watched.heard = now;
  state_.judges = false;
  state_.look_at.reset();
}

void Presence::expect(const messages::Roster& expected, Instant now) {
  std::map<Address, Watched> watched;
  for (const auto& one : expected.workers) {
    const auto known = state_.watched.find(one.worker);
    const bool same = known != state_.watched.end() && known->second.session == one.session;
    watched[one.worker] = same ? known->second : Watched{one.session, one.lost_after, now, false};
  }
  state_.watched = std::move(watched);
  state_.lost = {expected.lost.begin(), expected.lost.end()};
  if (state_.judges) plan_look(now);
}

std::optional<bool> Presence::hear(const Address& worker, const messages::WorkerHello& hello,
                                   Instant now) {
  const auto found = state_.watched.find(worker);
  if (found == state_.watched.end() || found->second.session != hello.session) return false;
  if (found->second.proposed) return std::nullopt;
  found->second.heard = now;
  return true;
}

void Presence::judge(bool judges, Instant now) {
  if (std::exchange(state_.judges, judges) == judges) return;
  state_.look_at.reset();
  if (!judges) return;
  for (auto& [worker, watched] : state_.watched) {
    watched.heard = now;
    watched.proposed = false;
  }
  plan_look(now);
}

std::vector<messages::WorkerLost> Presence::silent(Instant now) {
  std::vector<messages::WorkerLost> silent;
  if (!state_.look_at || now < *state_.look_at) return silent;
  for (auto& [worker, watched] : state_.watched) {
    if (!may_be_lost(worker) || now < watched.heard + watched.lost_after) continue;
    watched.proposed = true;
    silent.push_back({worker, watched.session});
  }
  plan_look(now);
  return silent;
}

/// When the first of them will have been silent for too long; not at once again.
void Presence::plan_look(Instant now) {
  state_.look_at.reset();
  for (const auto& [worker, watched] : state_.watched) {
    if (!may_be_lost(worker)) continue;
    const Instant at = std::max(watched.heard + watched.lost_after, now + propose_again_after);
    state_.look_at = std::min(state_.look_at.value_or(at), at);
  }
}

}  // namespace queenright::election
