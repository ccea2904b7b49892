#include "election/circuits.hpp"

#include <algorithm>

#include "election/timing.hpp"
#include "messages/ensure.hpp"

namespace queenright::election {

using messages::AppliedEntry;
using messages::ensure;
using messages::OpenCircuit;
using messages::Propose;
using messages::RunEvent;

namespace {

constexpr Duration repeat_after = std::chrono::milliseconds{500};  ///< to a circuit here
constexpr Duration issue_again_after = 2 * timing::hello;          ///< to a sink (A-R20)
constexpr std::int64_t keep_keys_milliseconds = 7LL * 24 * 3600 * 1000;
constexpr std::uint64_t forget_keys_every = 256;

/// The worker that an effect is for (A-R20).
Address sink_of(const CircuitEffect& effect) {
  if (const auto* start = std::get_if<messages::StartAttempt>(&effect)) return start->worker;
  if (const auto* end = std::get_if<messages::EndAttempt>(&effect)) return end->worker;
  const auto* clean = std::get_if<messages::CleanUp>(&effect);
  ensure(clean != nullptr, "what is no command has a worker for its sink");
  return clean->worker;
}

}  // namespace

Circuits::Circuits(Agreement& agreement, Requests& requests, const Rules& rules)
    : agreement_(agreement), requests_(requests), rules_(rules) {
  for (const auto& [circuit, replica] : agreement_.replicas()) alarms_.set(circuit, alarm(replica));
}

void Circuits::boot() {
  for (const auto& [circuit, replica] : agreement_.replicas())
    if (!replica.log.quarantined.empty())
      quarantine(*agreement_.find(circuit), replica.log.quarantined);
}

void Circuits::take(const messages::Applied& made) {
  Replica* replica = agreement_.find(made.circuit);
  if (replica == nullptr) {  // a crash came between its closing and its retirement
    step_.effects->emit(messages::Retire{messages::circuit_role(made.circuit)});
    return;
  }
  agreement_.revisit(*replica).repeat_at.reset();
  for (const auto& entry : made.entries) settle(*replica, entry);
  auto& log = replica->log;
  if (made.entries.empty() || made.entries.back().index >= log.applied) {
    log.deadline = made.deadline;
    log.finished = made.finished;
  }
  if (!made.quarantined.empty() && log.quarantined.empty()) quarantine(*replica, made.quarantined);
}

void Circuits::settle(Replica& replica, const AppliedEntry& entry) {
  auto& log = agreement_.touch(replica).log;
  if (entry.index <= log.settled) return;  // said twice
  log.settle_own_entries();
  const auto found = log.entries.find(entry.index);
  ensure(found != log.entries.end(), "a circuit applies what the log holds");
  const Key key = found->second.key;
  const WallTime wall = found->second.wall;
  log.settle(entry);
  log.settle_own_entries();

  if (key != Key{}) requests_.settled(replica, key, entry);
  for (std::uint32_t i = 0; i < entry.effects.size(); ++i) {
    const auto* opened = std::get_if<OpenCircuit>(&entry.effects[i]);
    if (opened != nullptr)
      agreement_.open(*opened);
    else
      issue(replica, EffectId{entry.index, {i}}, entry.effects[i]);
  }
  publish(replica, entry.events);
  if (replica.circuit == messages::hive_circuit && entry.index.value % forget_keys_every == 0)
    log.forget_keys_before({wall.milliseconds - keep_keys_milliseconds});
}

/// A-R20: by the acting root alone, under her epoch.
void Circuits::issue(Replica& replica, const EffectId& id, const CircuitEffect& effect) {
  if (replica.leads()) replica.lead.issued.insert({step_.now, id});
  if (!agreement_.acting(replica)) return;
  if (const auto* propose = std::get_if<Propose>(&effect))
    return requests_.propose({replica.circuit, id},
                             {propose->circuit, propose->key, propose->command});
  step_.effects->send(sink_of(effect),
                      messages::SinkEffect{replica.circuit, replica.lead.ballot.epoch, id, effect});
}

void Circuits::issue_all(CircuitId circuit) {
  Replica& replica = *agreement_.find(circuit);
  if (!rules_.holds(Rule::issue_again)) return;
  for (const auto& [id, effect] : std::map(replica.log.effects))
    if (!replica.lead.confirmed.contains(id)) issue(replica, id, effect);
}

/// Those that nobody has confirmed for a while.
void Circuits::issue_again(Replica& replica) {
  auto& issued = replica.lead.issued;
  while (!issued.empty() && issued.begin()->at + issue_again_after <= step_.now) {
    const EffectId id = issued.extract(issued.begin()).value().effect;
    const auto effect = replica.log.effects.find(id);
    const bool open = effect != replica.log.effects.end() && !replica.lead.confirmed.contains(id);
    if (open && rules_.holds(Rule::issue_again)) issue(replica, id, CircuitEffect(effect->second));
  }
}

void Circuits::watch(const Address& from, CircuitId circuit) {
  Replica* replica = agreement_.find(circuit);
  if (replica == nullptr) {
    step_.effects->send(from, messages::Events{circuit, {{step_.wall, {}, 0, {}, "closed", {}}}});
    return;
  }
  auto& watchers = replica->watchers;
  if (std::find(watchers.begin(), watchers.end(), from) == watchers.end()) watchers.push_back(from);
  if (!replica->log.last_event.state.empty())
    step_.effects->send(from, messages::Events{circuit, {replica->log.last_event}});
}

void Circuits::publish(Replica& replica, const std::vector<RunEvent>& events) {
  if (events.empty()) return;
  for (const auto& event : events)
    if (event.step.empty()) replica.log.last_event = event;
  for (const auto& watcher : replica.watchers)
    step_.effects->send(watcher, messages::Events{replica.circuit, events});
}

void Circuits::quarantine(Replica& replica, const std::string& reason) {
  replica.log.quarantined = reason;
  replica.log.finished = true;
  const std::string told = "quarantined: " + reason;
  publish(replica, {RunEvent{step_.wall, {}, 0, {}, "failed", told}});
  requests_.submit({messages::hive_circuit,
                    {"quarantine/" + std::to_string(replica.circuit.value), 0},
                    messages::RunChanged{replica.circuit, messages::RunStatus::failed, 1, told}});
}

void Circuits::wake() {
  for (const CircuitId circuit : alarms_.take_due(step_.now)) {
    Replica& replica = agreement_.revisit(*agreement_.find(circuit));
    if (replica.leads() && replica.lead.confirm_at && *replica.lead.confirm_at <= step_.now)
      agreement_.append_own(replica, EntryKind::confirm);
    if (replica.repeat_at && *replica.repeat_at <= step_.now) agreement_.deliver_again(replica);
    issue_again(replica);
    if (replica.leads() && replica.log.deadline &&
        replica.circuit_time(step_.now) >= *replica.log.deadline) {
      replica.log.deadline.reset();
      agreement_.append_time_passed(replica);
    }
  }
}

void Circuits::look_after(CircuitId circuit) {
  Replica* known = agreement_.find(circuit);
  if (known == nullptr) return;
  Replica& replica = *known;
  agreement_.end_if_finished(replica);
  auto& lead = replica.lead;
  const auto is_answered = [&](const EffectId& id) {
    return !replica.log.effects.contains(id) || lead.confirmed.contains(id);
  };
  while (!lead.issued.empty() && is_answered(lead.issued.begin()->effect))
    lead.issued.erase(lead.issued.begin());
  await_answers(circuit);
}

void Circuits::await_answers(CircuitId circuit) {
  Replica& replica = *agreement_.find(circuit);
  const bool unanswered = replica.delivered > replica.log.settled || replica.checkpointing;
  if (!unanswered)
    replica.repeat_at.reset();
  else if (!replica.repeat_at)
    replica.repeat_at = step_.now + repeat_after;
  alarms_.set(circuit, alarm(replica));
}

void Circuits::drop(CircuitId circuit) {
  Replica* replica = agreement_.find(circuit);
  if (replica == nullptr) return;
  requests_.drop(*replica);
  publish(*replica, {RunEvent{step_.wall, {}, 0, {}, "closed", {}}});
  alarms_.set(circuit, std::nullopt);
  agreement_.forget(circuit);
  step_.effects->emit(messages::Retire{messages::circuit_role(circuit)});
}

/// When a circuit wants to be looked at, though nothing comes in.
std::optional<Instant> Circuits::alarm(const Replica& replica) const {
  std::optional<Instant> earliest;
  const auto consider = [&](const std::optional<Instant>& at) {
    if (at && (!earliest || *at < *earliest)) earliest = at;
  };
  consider(replica.repeat_at);
  if (!replica.leads()) return earliest;
  consider(replica.lead.confirm_at);
  const auto& issued = replica.lead.issued;
  if (!issued.empty()) consider(issued.begin()->at + issue_again_after);
  if (replica.log.deadline)
    consider(replica.time_at +
             std::max(*replica.log.deadline - replica.log.circuit_time(), Duration{}));
  return earliest;
}

}  // namespace queenright::election
