#include "tests/actors/roles/hive_in_memory.hpp"

#include <algorithm>
#include <utility>

#include "actors/roles/circuit/circuit.hpp"
#include "messages/ensure.hpp"
#include "tests/actors/roles/applier.hpp"

namespace queenright::roles {

using messages::Address;
using messages::CircuitId;
using messages::Effect;
using messages::Envelope;
using messages::Input;
using messages::Instant;
using messages::Release;
using messages::RoleId;
using messages::RoleKind;
using messages::Submit;

namespace {

constexpr messages::Duration clients_wait = std::chrono::seconds{1};
constexpr std::size_t most_steps = 50'000;  // far more than any plan of the tests takes
constexpr RoleId client{RoleKind::client, 1};

/// The turn's rule: by mark, and by whether it stays on this node.
bool goes_at_once(const Effect& effect) {
  const auto release = release_of(effect);
  if (release != Release::when_local) return release == Release::eager;
  const auto* send = std::get_if<messages::Send>(&effect.body);
  return send == nullptr || send->to.role.kind != RoleKind::client;
}

std::vector<messages::Digest> digests_of(const std::vector<Effect>& effects) {
  std::vector<messages::Digest> digests;
  for (const auto& effect : effects) digests.push_back(digest_of(effect));
  return digests;
}

}  // namespace

HiveInMemory::HiveInMemory(std::uint32_t slots, std::size_t sync_every, Children children)
    : children_of_(std::move(children)), slots_(slots), sync_every_(sync_every) {
  boot();
}

void HiveInMemory::submit(Submit submit) {
  say(submit);
  waiting_[submit.key] = std::move(submit);
  clients_repeat_at_ = now_ + clients_wait;
}

const messages::Reply* HiveInMemory::answer(const messages::Key& key) const {
  const auto found = promises_.answers().find(key);
  return found == promises_.answers().end() ? nullptr : &found->second;
}

bool HiveInMemory::step() {
  if (unsynced() >= sync_every_) {
    sync();
  } else if (!deliveries_.empty()) {
    auto next = std::move(deliveries_.front());
    deliveries_.pop_front();
    take(std::move(next));
  } else if (unsynced() > 0) {
    sync();
  } else {
    return next_moment();
  }
  return true;
}

void HiveInMemory::run_to_rest() {
  for (std::size_t steps = 0; step();)
    messages::ensure(++steps < most_steps, "a hive comes to rest");
}

void HiveInMemory::crash(std::size_t kept) {
  messages::ensure(kept <= unsynced(), "only what was written can be kept");
  records_.resize(synced_ + kept);
  for (; synced_ < records_.size(); ++synced_) promises_.synced(records_[synced_].input);
  deliveries_.clear();
  held_.clear();
  children_.clear();
  roles_.clear();
  for (const auto& record : records_)
    if (digests_of(stepped(record.role, record.input)) != record.said)
      promises_.broken("recovery differs from what was recorded, at " + name_of(record.role));
  boot();
}

/// In the host's order: circuits must have booted before the queen speaks to them, and she
/// before the worker speaks to her.
void HiveInMemory::boot() {
  messages::Booted booted;
  booted.timing = messages::usual_timing;
  booted.incarnation = {++incarnation_};
  booted.seed = 77 * incarnation_;
  booted.node = {1};
  booted.queens = {{1}};
  booted.worker.slots = slots_;
  for (const auto id : {messages::supervisor_role(), messages::queen_role(),
                        messages::worker_role(), messages::circuit_role(messages::hive_circuit)})
    if (!roles_.contains(id)) roles_[id] = make_role(id);
  for (const auto kind :
       {RoleKind::circuit, RoleKind::supervisor, RoleKind::queen, RoleKind::worker})
    for (const auto& [id, role] : roles_)
      if (id.kind == kind) deliveries_.push_back({id, booted});
  for (const auto& [key, submit] : waiting_) say(submit);
}

void HiveInMemory::say(const Submit& submit) {
  deliveries_.push_back({messages::queen_role(), Envelope{{{1}, client}, {submit}}});
}

/// A turn: step, record, release.
void HiveInMemory::take(Delivery delivery) {
  const std::int64_t milliseconds =
      std::chrono::duration_cast<std::chrono::milliseconds>(now_.since_boot).count();
  Input input{{}, {}, now_, {milliseconds}, std::move(delivery.body)};
  auto effects = stepped(delivery.to, input);
  records_.push_back({delivery.to, std::move(input), digests_of(effects)});
  for (auto& effect : effects) {
    if (goes_at_once(effect))
      release(delivery.to, std::move(effect));
    else
      held_.push_back({records_.size(), delivery.to, std::move(effect)});
  }
}

std::vector<Effect> HiveInMemory::stepped(RoleId id, Input input) {
  auto& role = roles_[id];
  if (role == nullptr) role = make_role(id);
  const bool retires = std::holds_alternative<messages::Retired>(input.body);
  messages::Effects effects;
  role->step(std::move(input), effects);
  if (retires) roles_.erase(id);
  return effects.take();
}

void HiveInMemory::sync() {
  for (; synced_ < records_.size(); ++synced_) promises_.synced(records_[synced_].input);
  while (!held_.empty() && held_.front().record <= synced_) {
    auto held = std::move(held_.front());
    held_.pop_front();
    release(held.from, std::move(held.effect));
  }
}

/// The clock jumps to whatever comes first: a role's deadline, a child's exit, a client's patience.
bool HiveInMemory::next_moment() {
  std::optional<Instant> next = waiting_.empty() ? std::nullopt : clients_repeat_at_;
  const auto consider = [&](std::optional<Instant> at) {
    if (at && (!next || *at < *next)) next = at;
  };
  for (const auto& [id, role] : roles_) consider(role->deadline());
  for (const auto& [id, child] : children_) consider(child.exits);
  if (!next) return false;
  now_ = std::max(now_, *next);

  for (const auto& [id, role] : roles_)
    if (role->deadline() && *role->deadline() <= now_) deliveries_.push_back({id, messages::Due{}});
  for (auto child = children_.begin(); child != children_.end();) {
    if (child->second.exits > now_) {
      ++child;
      continue;
    }
    deliveries_.push_back(
        {messages::worker_role(), messages::ChildExited{child->first, child->second.fate.outcome,
                                                        child->second.told_to_end}});
    child = children_.erase(child);
  }
  if (clients_repeat_at_ && *clients_repeat_at_ <= now_) {
    for (const auto& [key, submit] : waiting_) say(submit);
    clients_repeat_at_ = now_ + clients_wait;
  }
  return true;
}

void HiveInMemory::release(RoleId from, Effect effect) {
  if (auto* send = std::get_if<messages::Send>(&effect.body)) {
    if (send->to.role.kind != RoleKind::client)
      return deliveries_.push_back({send->to.role, Envelope{{{1}, from}, std::move(send->items)}});
    for (const auto& item : send->items) {
      const auto* reply = std::get_if<messages::Reply>(&item);
      if (reply == nullptr) continue;
      promises_.answered(*reply);
      if (answer(reply->key) != nullptr) waiting_.erase(reply->key);
    }
  } else if (const auto* spawn = std::get_if<messages::Spawn>(&effect.body)) {
    promises_.spawned(spawn->attempt);
    const Fate fate = children_of_(spawn->attempt, spawn->exec);
    children_.insert_or_assign(spawn->attempt, Child{now_ + fate.runs, fate});
  } else if (const auto* end = std::get_if<messages::EndChild>(&effect.body)) {
    const auto child = children_.find(end->attempt);
    if (child != children_.end()) end_child(child->second, end->force);
  } else if (const auto* sweep = std::get_if<messages::SweepCircuit>(&effect.body)) {
    for (auto& [id, child] : children_)
      if (id.circuit == sweep->circuit) end_child(child, true);
  } else if (const auto* retire = std::get_if<messages::Retire>(&effect.body)) {
    deliveries_.push_back({retire->role, messages::Retired{}});
  } else {
    promises_.broken(name_of(from) + " wants the node to stop, or a role to start again");
  }
}

void HiveInMemory::end_child(Child& child, bool force) {
  if (!force && child.fate.ignores_term) return;
  child.exits = now_;
  child.told_to_end = true;
  child.fate.outcome = {};
  child.fate.outcome.end = messages::AttemptEnd::signalled;
  child.fate.outcome.signal = force ? 9 : 15;
}

const HiveState& HiveInMemory::hive() const {
  const auto& role = *roles_.at(messages::circuit_role(messages::hive_circuit));
  return dynamic_cast<const Hive&>(role).state();
}

const CircuitState* HiveInMemory::circuit(CircuitId circuit) const {
  const auto found = roles_.find(messages::circuit_role(circuit));
  if (found == roles_.end()) return nullptr;
  return &dynamic_cast<const Circuit&>(*found->second).state();
}

}  // namespace queenright::roles
