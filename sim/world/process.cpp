#include "sim/world/process.hpp"

#include <utility>

#include "persistence/incarnation.hpp"
#include "persistence/recovery.hpp"
#include "persistence/standing_roles.hpp"

namespace queenright::sim {

using messages::Cause;
using messages::Effect;
using messages::Input;
using messages::Instant;
using messages::RoleId;
using messages::RoleKind;
using messages::TraceId;
using persistence::HeldEffect;
using persistence::RoleLife;

Process::Process(Ports ports, std::unique_ptr<persistence::Journal> journal,
                 std::map<RoleId, persistence::ActiveRole> recovered, messages::Booted booted)
    : ports_(std::move(ports)),
      journal_(std::move(journal)),
      booted_(std::move(booted)),
      sequencer_(
          {ports_.disk, *journal_, ports_.clock, ports_.rules,
           [this](HeldEffect held) { release(held.trace, held.cause, std::move(held.effect)); },
           [this](messages::Duration span, std::function<void()> action) {
             ports_.at(ports_.clock.when(ports_.clock.now() + span), std::move(action));
           },
           [this] {
             ports_.synced(sequencer_.synced());
             checkpoint_when_due();
           },
           [this](const std::string& reason) {
             over_ = true;
             ports_.failed(reason);
           }}),
      turn_(ports_.node, ports_.catalogue, sequencer_, *this, ports_.clock, this),
      checkpoint_at_(sequencer_.bytes() + ports_.checkpoint_bytes) {
  persistence::complete(recovered, booted_, ports_.catalogue, sequencer_);
  for (const RoleId id : persistence::boot_order(recovered)) {
    residents_.emplace(id, std::move(recovered.at(id)));
    deliver(id, {}, {}, booted_);
  }
}

void Process::deliver(RoleId to, TraceId trace, Cause cause, Input::Body body) {
  mailbox_.push_back({to, trace, cause, std::move(body)});
  if (mailbox_.size() == 1) ports_.at({}, [this] { take_next(); });
}

void Process::take_next() {
  auto next = std::move(mailbox_.front());
  take(next.to, next.trace, next.cause, std::move(next.body));
  mailbox_.pop_front();
  if (!mailbox_.empty()) ports_.at({}, [this] { take_next(); });
}

/// For a role that is not there: a circuit is made, others miss it.
RoleLife* Process::find_or_make(RoleId role) {
  if (const auto found = residents_.find(role); found != residents_.end()) return &found->second;
  if (role.kind != RoleKind::circuit || away_.contains(role)) return nullptr;
  auto born = persistence::born(ports_.catalogue, sequencer_, role);
  return &residents_.emplace(role, std::move(born)).first->second;
}

void Process::take(RoleId id, TraceId trace, Cause cause, Input::Body body) {
  RoleLife* life = over_ ? nullptr : find_or_make(id);
  if (life == nullptr) return;
  const auto end = life->take(turn_, sequencer_, trace, cause, std::move(body));
  if (!end) return schedule(id, *life);
  if (!end->broken.empty()) return fell(id, end->broken);
  residents_.erase(id);
}

void Process::taken(const persistence::TakenTurn& turn) {
  ports_.taken(turn, {sequencer_.last().value + 1});
}

void Process::release(TraceId trace, Cause cause, Effect effect) {
  if (over_) return;
  follow(persistence::route(ports_.node, cause, std::move(effect)), trace, cause);
}

void Process::follow(persistence::Route route, TraceId trace, const Cause& cause) {
  if (auto* input = std::get_if<persistence::LocalInput>(&route))
    deliver(input->to, trace, cause, std::move(input->body));
  else if (const auto* again = std::get_if<messages::Restart>(&route))
    for (const auto role : again->roles) bring_back(role);
  else
    ports_.leaves(trace, cause, std::move(std::get<Effect>(route)));
}

void Process::fell(RoleId role, const std::string& reason) {
  residents_.erase(role);
  away_.insert(role);
  follow(persistence::route_fall(role, reason), {}, {});
}

/// When all that the role has appended is synced; it ends first, if it is still there.
void Process::bring_back(RoleId role) {
  residents_.erase(role);
  away_.insert(role);
  sequencer_.with_journal([this, role](persistence::Journal& journal) {
    if (!away_.contains(role)) return;  // it was brought back meanwhile
    auto back = persistence::recover_role(ports_.catalogue, journal, role);
    if (!back) {
      over_ = true;
      return ports_.failed(back.reason());
    }
    away_.erase(role);
    residents_.emplace(role, std::move(back).value());
    deliver(role, {}, {}, persistence::booted_again(journal, booted_));
  });
}

void Process::schedule(RoleId id, RoleLife& life) {
  if (const auto due = life.next_tick())
    ports_.at(ports_.clock.when(*due), [this, id, at = *due] { tick(id, at); });
}

void Process::tick(RoleId id, Instant awaited) {
  const auto found = residents_.find(id);
  if (found == residents_.end()) return;
  using enum RoleLife::Tick;
  switch (found->second.ticked(awaited, ports_.clock.now())) {
    case due: return take(id, {}, {}, messages::Due{});
    case early: return schedule(id, found->second);
    case superseded: return;
  }
}

void Process::clock_changed() {
  for (auto& [id, life] : residents_) {
    life.lose_tick();
    schedule(id, life);
  }
}

void Process::checkpoint_when_due() {
  if (sequencer_.bytes() < checkpoint_at_) return;
  checkpoint_at_ = sequencer_.bytes() + ports_.checkpoint_bytes;
  for (const auto& [id, life] : residents_)
    persistence::checkpoint(ports_.catalogue, sequencer_, life.self());
}

void Process::crash(std::uint32_t kept_permille) { sequencer_.crash(kept_permille); }

const messages::Role* Process::role(RoleId role) const {
  const auto found = residents_.find(role);
  return found == residents_.end() ? nullptr : found->second.self().role.get();
}

std::vector<RoleId> Process::roles() const {
  std::vector<RoleId> ids;
  for (const auto& [id, life] : residents_) ids.push_back(id);
  return ids;
}

}  // namespace queenright::sim
