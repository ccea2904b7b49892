#include "election/circuits.hpp"

#include <algorithm>

#include "messages/ensure.hpp"

namespace queenright::election {

using messages::AppliedEntry;
using messages::ensure;
using messages::OpenCircuit;
using messages::Propose;
using messages::RunEvent;

namespace {

constexpr Duration repeat_after = std::chrono::milliseconds{500};       ///< to a circuit here
constexpr Duration issue_again_after = std::chrono::milliseconds{100};  ///< to a sink (A-R20)
constexpr std::int64_t keep_keys_milliseconds = 7LL * 24 * 3600 * 1000;
constexpr std::uint64_t forget_keys_every = 256;

}  // namespace

Circuits::Circuits(Agreement& agreement, Requests& requests, Presence& presence, const Rules& rules)
    : agreement_(agreement), requests_(requests), presence_(presence), rules_(rules) {
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
  if (made.roster) presence_.expect(*made.roster, step_.now);
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
  const Epoch epoch = found->second.epoch;
  const auto* hand_over = std::get_if<messages::HandOver>(&found->second.command);
  const std::string leaving = hand_over == nullptr ? "" : "handed over: " + hand_over->reason;
  const WallTime wall = found->second.wall;
  log.settle(entry);
  log.settle_own_entries();

  if (key != Key{}) requests_.settled(replica, key, entry);
  if (!leaving.empty() && replica.leads() && epoch == replica.lead.ballot.epoch)
    agreement_.leave(replica, leaving);
  for (std::uint32_t i = 0; i < entry.effects.size(); ++i) {
    const auto* opened = std::get_if<OpenCircuit>(&entry.effects[i]);
    if (opened != nullptr)
      agreement_.open(*opened);
    else
      issue(replica, EffectId{entry.index, {i}}, entry.effects[i]);
  }
  auto events = entry.events;
  for (auto& event : events) event.index = entry.index;
  log.note(events);
  publish(replica, events);
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
  const Address sink = *sink_of(effect);
  if (presence_.is_lost(sink)) return;  // it is told when it is back
  step_.effects->send(sink,
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

void Circuits::watch(const Address& from, const messages::Watch& wanted) {
  Replica* replica = agreement_.find(wanted.circuit);
  if (replica == nullptr) {
    const bool over = requests_.is_over(wanted.circuit);
    tell(from, wanted.circuit, {happened(over ? "closed" : "elsewhere", {})});
    return;
  }
  auto& watchers = replica->watchers;
  if (std::find(watchers.begin(), watchers.end(), from) == watchers.end()) watchers.push_back(from);
  const Log& log = replica->log;
  const auto since = log.events_since(wanted.since);
  if (wanted.since != LogIndex{} && since) return tell(from, wanted.circuit, *since);
  if (log.last_event.state.empty()) return;
  step_.effects->send(
      from, messages::Events{wanted.circuit, {log.last_event}, wanted.since != LogIndex{}});
}

void Circuits::unwatch(const Address& from) {
  for (const auto& [circuit, replica] : agreement_.replicas()) {
    const auto& watchers = replica.watchers;
    if (std::find(watchers.begin(), watchers.end(), from) != watchers.end())
      std::erase(agreement_.find(circuit)->watchers, from);
  }
}

void Circuits::tell(const Address& watcher, CircuitId circuit, std::vector<RunEvent> events) {
  if (!events.empty())
    step_.effects->send(watcher, messages::Events{circuit, std::move(events), false});
}

/// Of no entry, but of what becomes of the run.
RunEvent Circuits::happened(std::string state, std::string reason) const {
  return {step_.wall, {}, 0, {}, std::move(state), std::move(reason), {}};
}

void Circuits::publish(const Replica& replica, const std::vector<RunEvent>& events) {
  for (const auto& watcher : replica.watchers) tell(watcher, replica.circuit, events);
}

void Circuits::quarantine(Replica& replica, const std::string& reason) {
  replica.log.quarantined = reason;
  replica.log.finished = true;
  const std::string told = "quarantined: " + reason;
  const RunEvent failed = happened("failed", told);
  replica.log.last_event = failed;
  publish(replica, {failed});
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
    if (replica.leads() && replica.log.deadline && !replica.log.ends() &&
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
  requests_.close_all(*replica);
  publish(*replica, {happened("closed", {})});
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
