#include <chrono>
#include <utility>

#include "election/queen.hpp"
#include "messages/ensure.hpp"

/// The half of the queen that looks at her circuits: what they made of commands, and what they
/// want done (A-R20).
namespace queenright::election {

using messages::Answered;
using messages::AppliedEntry;
using messages::CleanUp;
using messages::EndAttempt;
using messages::ensure;
using messages::OpenCircuit;
using messages::Propose;
using messages::Reply;
using messages::RunChanged;
using messages::RunEvent;
using messages::SinkEffect;
using messages::StartAttempt;
using messages::Submit;

namespace {

constexpr Duration confirm_after = std::chrono::milliseconds{25};  // H/2
constexpr Duration repeat_after = std::chrono::seconds{1};
constexpr std::int64_t keep_keys_milliseconds = 7LL * 24 * 3600 * 1000;
constexpr std::uint64_t forget_keys_every = 256;

std::optional<Address> sink_of(const CircuitEffect& effect) {
  if (const auto* start = std::get_if<StartAttempt>(&effect)) return start->worker;
  if (const auto* end = std::get_if<EndAttempt>(&effect)) return end->worker;
  if (const auto* clean = std::get_if<CleanUp>(&effect)) return clean->worker;
  return std::nullopt;
}

}  // namespace

void Queen::applied(const messages::Applied& made) {
  Replica* replica = find(made.circuit);
  if (replica == nullptr) {  // a crash came between its closing and its retirement
    effects_->emit(messages::Retire{messages::circuit_role(made.circuit)});
    return;
  }
  touched(*replica);
  replica->lead.repeat_at.reset();
  replica->lead.deadline = made.deadline;
  replica->log.finished = made.finished;
  for (const auto& entry : made.entries) settle(*replica, entry);
  if (!made.quarantined.empty() && replica->log.quarantined.empty())
    quarantine(*replica, made.quarantined);
}

void Queen::settle(Replica& replica, const AppliedEntry& entry) {
  if (entry.index <= replica.log.settled) return;  // said twice
  replica.log.settle_own_entries();
  ensure(!replica.log.entries.empty(), "a circuit applies what the log holds");
  const Key key = replica.log.entries.begin()->second.key;
  const WallTime wall = replica.log.entries.begin()->second.wall;
  replica.log.settle(entry);
  replica.log.settle_own_entries();

  if (const auto pending = replica.lead.pending.extract(key); !pending.empty())
    for (const auto& waiter : pending.mapped().waiters)
      answer(waiter,
             Reply{replica.circuit, key, entry.refused.empty() ? Answered::ok : Answered::refused,
                   entry.result, entry.refused});
  for (std::uint32_t i = 0; i < entry.effects.size(); ++i)
    release(replica, EffectId{entry.index, {i}}, entry.effects[i]);
  publish(replica, entry.events);
  if (replica.circuit == messages::hive_circuit && entry.index.value % forget_keys_every == 0)
    replica.log.forget_keys_before({wall.milliseconds - keep_keys_milliseconds});
}

void Queen::release(Replica& replica, const EffectId& id, const CircuitEffect& effect) {
  if (const auto* opened = std::get_if<OpenCircuit>(&effect)) {
    replica.log.effects.erase(id);  // held here with the state that the effect asked for
    if (find(opened->circuit) != nullptr) return;
    open(opened->circuit);
    Replica& fresh = touched(*find(opened->circuit));
    fresh.claim();  // R5: the opener of a new circuit claims at once
    effects_->send(own_address(), messages::Self{fresh.circuit, fresh.log.promised, 0});
    return;
  }
  if (!replica.leads()) return;  // issued when this queen leads (A-R20)
  if (const auto* propose = std::get_if<Propose>(&effect)) {
    state_.proposals[propose->key] = {replica.circuit, id};
    submit(own_address(), Submit{propose->circuit, propose->key, propose->command});
    return;
  }
  effects_->send(*sink_of(effect), SinkEffect{replica.circuit, replica.log.accepted, id, effect});
}

void Queen::repeat(Replica& replica) {
  replica.lead.repeat_at.reset();
  replica.lead.delivered = replica.log.settled;
  for (const auto& [id, effect] : std::map(replica.log.effects))
    if (!replica.lead.confirmed.contains(id)) release(replica, id, effect);
}

void Queen::acknowledged(const messages::SinkAck& ack) {
  Replica* replica = find(ack.circuit);
  if (replica == nullptr || ack.refused) return;
  confirm(*replica, ack.id);
}

void Queen::confirm(Replica& replica, const EffectId& id) {
  auto& lead = touched(replica).lead;
  lead.repeat_at.reset();
  if (!replica.log.effects.contains(id)) return;
  lead.confirmed.insert(id);
  if (!lead.confirm_at) lead.confirm_at = now_ + confirm_after;
}

void Queen::answer(const Address& waiter, Reply reply) {
  if (waiter != own_address()) return effects_->send(waiter, std::move(reply));
  const auto proposal = state_.proposals.extract(reply.key);
  const bool definite = reply.answered != Answered::busy && reply.answered != Answered::unknown;
  if (proposal.empty() || !definite) return;  // said again by `repeat`
  if (Replica* proposer = find(proposal.mapped().circuit))
    confirm(*proposer, proposal.mapped().effect);
}

void Queen::publish(Replica& replica, const std::vector<RunEvent>& events) {
  if (events.empty()) return;
  for (const auto& event : events)
    if (event.step.empty()) replica.log.last_event = event;
  for (const auto& watcher : replica.lead.watchers)
    effects_->send(watcher, messages::Events{replica.circuit, events});
}

void Queen::quarantine(Replica& replica, const std::string& reason) {
  replica.log.quarantined = reason;
  replica.log.finished = true;
  const std::string told = "quarantined: " + reason;
  publish(replica, {RunEvent{wall_, {}, 0, {}, "failed", told}});
  submit(own_address(), Submit{messages::hive_circuit,
                               {"quarantine/" + std::to_string(replica.circuit.value), 0},
                               RunChanged{replica.circuit, messages::RunStatus::failed, 1, told}});
}

/// The end of a step for one circuit.
void Queen::conclude(CircuitId circuit) {
  Replica* replica = find(circuit);
  if (replica == nullptr) return;
  auto& log = replica->log;
  auto& lead = replica->lead;
  replica->deliver({state_.node, messages::circuit_role(circuit)}, *effects_);
  if (replica->leads() && log.finished && !log.closed) {  // A-R13
    const bool closing =
        !log.entries.empty() && log.entries.rbegin()->second.kind == EntryKind::close;
    if (!lead.confirmed.empty()) {
      lead.confirm_at.reset();
      replica->append_own(EntryKind::confirm, stamp());
    } else if (log.effects.empty() && log.settled == log.length && !closing) {
      replica->append_own(EntryKind::close, stamp());
    }
  }
  if (log.closed) return close(*replica);
  if (replica->lead.phase >= Phase::opening && log.length > lead.announced) {
    lead.announced = log.length;
    effects_->send(own_address(), messages::Self{circuit, log.accepted, log.length.value});
  }
  const bool unanswered = lead.delivered > log.settled ||
                          (replica->leads() && log.effects.size() > lead.confirmed.size());
  if (!unanswered)
    lead.repeat_at.reset();
  else if (!lead.repeat_at)
    lead.repeat_at = now_ + repeat_after;
  alarms_.set(circuit, replica->alarm());
}

void Queen::close(Replica& replica) {
  const CircuitId circuit = replica.circuit;
  for (const auto& [key, pending] : replica.lead.pending)
    for (const auto& waiter : pending.waiters)
      answer(waiter, Reply{circuit, key, Answered::closed, {}, "the circuit is over"});
  publish(replica, {RunEvent{wall_, {}, 0, {}, "closed", {}}});
  alarms_.set(circuit, std::nullopt);
  state_.replicas.erase(circuit);
  effects_->emit(messages::Retire{messages::circuit_role(circuit)});
}

}  // namespace queenright::election
