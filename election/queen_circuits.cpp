#include <algorithm>
#include <utility>

#include "election/queen.hpp"
#include "election/timing.hpp"
#include "messages/ensure.hpp"

/// The half of the queen that looks after her circuits: what they made of commands, and what
/// they want done (A-R13, A-R20).
namespace queenright::election {

using messages::Answered;
using messages::AppliedEntry;
using messages::ensure;
using messages::OpenCircuit;
using messages::Propose;
using messages::Reply;
using messages::RunEvent;
using messages::Submit;

namespace {

constexpr Duration repeat_after = std::chrono::milliseconds{500};  ///< to a circuit here
constexpr Duration issue_again_after = 2 * timing::hello;          ///< to a sink (A-R20)
constexpr std::int64_t keep_keys_milliseconds = 7LL * 24 * 3600 * 1000;
constexpr std::uint64_t forget_keys_every = 256;

std::optional<Address> sink_of(const CircuitEffect& effect) {
  if (const auto* start = std::get_if<messages::StartAttempt>(&effect)) return start->worker;
  if (const auto* end = std::get_if<messages::EndAttempt>(&effect)) return end->worker;
  if (const auto* clean = std::get_if<messages::CleanUp>(&effect)) return clean->worker;
  return std::nullopt;
}

}  // namespace

void Queen::applied(const messages::Applied& made) {
  Replica* replica = agreement_.find(made.circuit);
  if (replica == nullptr) {  // a crash came between its closing and its retirement
    effects_->emit(messages::Retire{messages::circuit_role(made.circuit)});
    return;
  }
  touched(*replica).repeat_at.reset();
  for (const auto& entry : made.entries) settle(*replica, entry);
  auto& log = replica->log;
  if (made.entries.empty() || made.entries.back().index >= log.applied) {
    log.deadline = made.deadline;
    log.finished = made.finished;
  }
  if (!made.quarantined.empty() && log.quarantined.empty()) quarantine(*replica, made.quarantined);
}

void Queen::settle(Replica& replica, const AppliedEntry& entry) {
  auto& log = agreement_.touch(replica).log;
  if (entry.index <= log.settled) return;  // said twice
  log.settle_own_entries();
  const auto found = log.entries.find(entry.index);
  ensure(found != log.entries.end(), "a circuit applies what the log holds");
  const Key key = found->second.key;
  const WallTime wall = found->second.wall;
  log.settle(entry);
  log.settle_own_entries();

  if (key != Key{}) tell(replica, key, entry);
  for (std::uint32_t i = 0; i < entry.effects.size(); ++i) {
    const auto* opened = std::get_if<OpenCircuit>(&entry.effects[i]);
    if (opened != nullptr && !election_.forgotten(opened->circuit))
      know(opened->circuit, opened->opener == state_.node);  // R5
    else if (opened == nullptr)
      release(replica, EffectId{entry.index, {i}}, entry.effects[i]);
  }
  publish(replica, entry.events);
  if (replica.circuit == messages::hive_circuit && entry.index.value % forget_keys_every == 0)
    log.forget_keys_before({wall.milliseconds - keep_keys_milliseconds});
}

/// Those who wait for a command here, and the queens whose clients do.
void Queen::tell(Replica& replica, const Key& key, const AppliedEntry& entry) {
  const Reply reply{replica.circuit, key, entry.refused.empty() ? Answered::ok : Answered::refused,
                    entry.result, entry.refused};
  if (const auto pending = replica.lead.pending.extract(key); !pending.empty())
    for (const auto queen : pending.mapped().queens) {
      letters_.to(queen, reply);
      agreement_.tell_commit(replica, queen);  // her circuit, too, is to make something of it
    }
  const auto request = replica.requests.extract(key);
  if (request.empty()) return;
  if (replica.requests.empty()) waiting_.erase(replica.circuit);
  for (const auto& waiter : request.mapped().waiters) answer(waiter, reply);
}

/// A-R20: by the acting root alone, under her epoch.
void Queen::release(Replica& replica, const EffectId& id, const CircuitEffect& effect) {
  if (replica.leads()) replica.lead.issued.insert({now_, id});
  if (!may_act(replica)) return;
  if (const auto* propose = std::get_if<Propose>(&effect)) {
    state_.proposals[{propose->circuit, propose->key}] = {replica.circuit, id};
    return submit(own_address(), Submit{propose->circuit, propose->key, propose->command});
  }
  effects_->send(*sink_of(effect),
                 messages::SinkEffect{replica.circuit, replica.lead.ballot.epoch, id, effect});
}

void Queen::issue_all(Replica& replica) {
  if (!rules_.holds(Rule::issue_again)) return;
  for (const auto& [id, effect] : std::map(replica.log.effects))
    if (!replica.lead.confirmed.contains(id)) release(replica, id, effect);
}

/// Those that nobody has confirmed for a while.
void Queen::issue_again(Replica& replica) {
  auto& issued = replica.lead.issued;
  while (!issued.empty() && issued.begin()->at + issue_again_after <= now_) {
    const EffectId id = issued.extract(issued.begin()).value().effect;
    const auto effect = replica.log.effects.find(id);
    const bool open = effect != replica.log.effects.end() && !replica.lead.confirmed.contains(id);
    if (open && rules_.holds(Rule::issue_again))
      release(replica, id, CircuitEffect(effect->second));
  }
}

void Queen::repeat(Replica& replica) {
  replica.repeat_at.reset();
  replica.delivered = replica.log.settled;
  if (std::exchange(replica.checkpointing, false)) agreement_.ask_for_checkpoint(replica);
  agreement_.touch(replica);
}

void Queen::acknowledged(const messages::SinkAck& ack) {
  Replica* replica = agreement_.find(ack.circuit);
  if (replica != nullptr && !ack.refused) confirm(*replica, ack.id);
}

void Queen::confirm(Replica& replica, const EffectId& id) {
  if (!touched(replica).leads() || !replica.log.effects.contains(id)) return;
  replica.lead.confirmed.insert(id);
  if (!replica.lead.confirm_at) replica.lead.confirm_at = now_ + timing::tick;
}

void Queen::watch(const Address& from, CircuitId circuit) {
  Replica* replica = agreement_.find(circuit);
  if (replica == nullptr) {
    effects_->send(from, messages::Events{circuit, {{wall_, {}, 0, {}, "closed", {}}}});
    return;
  }
  auto& watchers = replica->watchers;
  if (std::find(watchers.begin(), watchers.end(), from) == watchers.end()) watchers.push_back(from);
  if (!replica->log.last_event.state.empty())
    effects_->send(from, messages::Events{circuit, {replica->log.last_event}});
}

void Queen::publish(Replica& replica, const std::vector<RunEvent>& events) {
  if (events.empty()) return;
  for (const auto& event : events)
    if (event.step.empty()) replica.log.last_event = event;
  for (const auto& watcher : replica.watchers)
    effects_->send(watcher, messages::Events{replica.circuit, events});
}

void Queen::quarantine(Replica& replica, const std::string& reason) {
  replica.log.quarantined = reason;
  replica.log.finished = true;
  const std::string told = "quarantined: " + reason;
  publish(replica, {RunEvent{wall_, {}, 0, {}, "failed", told}});
  submit(own_address(),
         Submit{messages::hive_circuit,
                {"quarantine/" + std::to_string(replica.circuit.value), 0},
                messages::RunChanged{replica.circuit, messages::RunStatus::failed, 1, told}});
}

/// The end of a step for one circuit.
void Queen::look_after(Replica& replica) {
  end_if_finished(replica);
  auto& lead = replica.lead;
  const auto is_answered = [&](const EffectId& id) {
    return !replica.log.effects.contains(id) || lead.confirmed.contains(id);
  };
  while (!lead.issued.empty() && is_answered(lead.issued.begin()->effect))
    lead.issued.erase(lead.issued.begin());
  await_answers(replica);
}

/// What is asked of the circuit is said again when no answer comes.
void Queen::await_answers(Replica& replica) {
  const bool unanswered = replica.delivered > replica.log.settled || replica.checkpointing;
  if (!unanswered)
    replica.repeat_at.reset();
  else if (!replica.repeat_at)
    replica.repeat_at = now_ + repeat_after;
  alarms_.set(replica.circuit, alarm(replica));
}

// A-R13.
void Queen::end_if_finished(Replica& replica) {
  auto& log = replica.log;
  if (election_.forgotten(replica.circuit)) return;  // and dropped at the end of this step
  const bool over = election_.closed(replica.circuit);
  if (over && log.closed && !election_.contest(replica.circuit).ended.contains(state_.node))
    return election_.ended(replica.circuit);
  if (over || !replica.leads() || !log.finished) return;
  if (agreement_.closable(replica)) return agreement_.close(replica);
  if (log.closed) return;
  const bool closing =
      !log.entries.empty() && log.entries.rbegin()->second.kind == EntryKind::close;
  if (!replica.lead.confirmed.empty())
    agreement_.append_own(touched(replica), EntryKind::confirm);
  else if (log.effects.empty() && log.settled == log.length && !closing)
    agreement_.append_own(touched(replica), EntryKind::close);
}

/// The circuit is over, and nobody needs what this queen has of it.
void Queen::drop(CircuitId circuit) {
  Replica* known = agreement_.find(circuit);
  if (known == nullptr) return;
  Replica& replica = *known;
  for (const auto& [key, request] : replica.requests)
    for (const auto& waiter : request.waiters)
      answer(waiter, Reply{circuit, key, Answered::closed, {}, "the circuit is over"});
  publish(replica, {RunEvent{wall_, {}, 0, {}, "closed", {}}});
  alarms_.set(circuit, std::nullopt);
  waiting_.erase(circuit);
  agreement_.forget(circuit);
  effects_->emit(messages::Retire{messages::circuit_role(circuit)});
}

/// When a circuit wants to be looked at, though nothing comes in.
std::optional<Instant> Queen::alarm(const Replica& replica) const {
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
