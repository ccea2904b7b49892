#include "election/queen.hpp"

#include <algorithm>
#include <utility>

#include "election/random.hpp"
#include "messages/ensure.hpp"
#include "messages/reader.hpp"
#include "messages/text.hpp"
#include "messages/writer.hpp"

namespace queenright::election {

using messages::Answered;
using messages::Booted;
using messages::ensure;
using messages::Envelope;
using messages::Input;
using messages::Item;
using messages::Reply;
using messages::Self;
using messages::Submit;

namespace {

/// Unsettled commands of one circuit; beyond, BUSY (A-R9).
constexpr std::size_t max_unsettled = 65'536;

}  // namespace

Queen::Queen(QueenState state) : state_(std::move(state)) {
  for (const auto& [circuit, replica] : state_.replicas) alarms_.set(circuit, replica.alarm());
}

std::string Queen::snapshot() const { return messages::encode(state_); }
std::string Queen::text() const { return messages::to_text(state_); }

std::optional<Instant> Queen::deadline() const { return alarms_.next(); }

void Queen::step(Input input, Effects& effects) {
  effects_ = &effects;
  now_ = input.now;
  wall_ = input.wall;
  if (auto* envelope = std::get_if<Envelope>(&input.body)) {
    for (auto& item : envelope->items) take(envelope->from, std::move(item));
  } else if (const auto* booted = std::get_if<Booted>(&input.body)) {
    boot(*booted);
  } else if (std::holds_alternative<messages::Due>(input.body)) {
    wake();
  } else if (const auto* drain = std::get_if<messages::Drain>(&input.body)) {
    state_.draining = drain->reason;
  }
  // What a circuit touched by this step wants said is said once, at its end.
  while (!touched_.empty()) conclude(touched_.extract(touched_.begin()).value());
}

void Queen::boot(const Booted& booted) {
  ensure(booted.queens.size() == 1, "this version elects among one queen");
  state_.node = booted.node;
  state_.queens = booted.queens;
  state_.random = booted.seed;
  state_.draining.clear();
  state_.proposals.clear();
  if (!state_.replicas.contains(messages::hive_circuit)) open(messages::hive_circuit);
  for (auto& [circuit, replica] : state_.replicas) {
    replica.boot(now_);
    touched(replica);
    if (std::find(booted.held.begin(), booted.held.end(), circuit) != booted.held.end()) continue;
    replica.claim();
    effects_->send(own_address(), Self{circuit, replica.log.promised, replica.log.length.value});
    if (!replica.log.quarantined.empty()) quarantine(replica, replica.log.quarantined);
  }
}

void Queen::open(CircuitId circuit) {
  state_.highest = std::max(state_.highest, circuit);
  auto& replica = state_.replicas[circuit];
  replica.circuit = circuit;
  replica.lead.time_at = now_;
}

void Queen::take(const Address& from, Item item) {
  if (auto* wanted = std::get_if<Submit>(&item))
    submit(from, std::move(*wanted));
  else if (const auto* self = std::get_if<Self>(&item))
    self_synced(*self);
  else if (const auto* made = std::get_if<messages::Applied>(&item))
    applied(*made);
  else if (const auto* ack = std::get_if<messages::SinkAck>(&item))
    acknowledged(*ack);
  else if (const auto* watching = std::get_if<messages::Watch>(&item))
    watch(from, watching->circuit);
  else
    ensure(false, "a queen got an item that is not for queens");
}

void Queen::submit(const Address& from, Submit wanted) {
  Replica* replica = find(wanted.circuit);
  const auto refuse = [&](Answered answered, std::string reason) {
    answer(from, Reply{wanted.circuit, wanted.key, answered, {}, std::move(reason)});
  };
  if (wanted.key == Key{}) return refuse(Answered::refused, "a command needs a key");
  if (replica == nullptr && wanted.circuit > state_.highest)
    return knows_all_circuits() ? refuse(Answered::refused, "there is no such circuit")
                                : refuse(Answered::unknown, "not caught up after a start");
  if (replica == nullptr) return refuse(Answered::closed, "the circuit is over");
  if (auto known = replica->known_answer(wanted)) return answer(from, std::move(*known));
  if (!state_.draining.empty() && std::holds_alternative<messages::OpenRun>(wanted.command))
    return refuse(Answered::refused, "draining: " + state_.draining);
  if (replica->log.finished) return refuse(Answered::closed, "the circuit is over");
  if (replica->log.entries.size() + replica->lead.parked.size() >= max_unsettled)
    return refuse(Answered::busy, "too many commands at once in this circuit");
  if (!replica->leads()) return replica->park(from, std::move(wanted));  // A-R17
  admit(*replica, from, std::move(wanted));
}

void Queen::admit(Replica& replica, const Address& from, Submit wanted) {
  if (replica.join(wanted, from)) return;
  touched(replica).append_command(std::move(wanted), from, stamp());
}

void Queen::self_synced(const Self& self) {
  Replica* replica = find(self.circuit);
  if (replica == nullptr || !touched(*replica).count_self(self, stamp())) return;
  for (const auto& [id, effect] : std::map(replica->log.effects)) release(*replica, id, effect);
  for (auto& parked : std::exchange(replica->lead.parked, {}))
    submit(parked.from, std::move(parked.submit));
}

void Queen::watch(const Address& from, CircuitId circuit) {
  Replica* replica = find(circuit);
  if (replica == nullptr) {
    effects_->send(from, messages::Events{circuit, {{wall_, {}, 0, {}, "closed", {}}}});
    return;
  }
  auto& watchers = replica->lead.watchers;
  if (std::find(watchers.begin(), watchers.end(), from) == watchers.end()) watchers.push_back(from);
  if (!replica->log.last_event.state.empty())
    effects_->send(from, messages::Events{circuit, {replica->log.last_event}});
}

void Queen::wake() {
  for (const CircuitId circuit : alarms_.take_due(now_)) {
    Replica& replica = *find(circuit);
    auto& lead = touched(replica).lead;
    if (lead.confirm_at && *lead.confirm_at <= now_) {
      lead.confirm_at.reset();
      if (replica.leads()) replica.append_own(EntryKind::confirm, stamp());
    }
    if (lead.repeat_at && *lead.repeat_at <= now_) repeat(replica);
    if (replica.leads() && lead.deadline && replica.circuit_time(now_) >= *lead.deadline) {
      lead.deadline.reset();
      replica.append_time_passed(stamp());
    }
  }
}

Replica* Queen::find(CircuitId circuit) {
  const auto found = state_.replicas.find(circuit);
  return found == state_.replicas.end() ? nullptr : &found->second;
}

Replica& Queen::touched(Replica& replica) {
  touched_.insert(replica.circuit);
  return replica;
}

/// After a crash a circuit that was given out is not known again before circuit 0 has applied
/// what it had committed.
bool Queen::knows_all_circuits() {
  const Replica& hive = *find(messages::hive_circuit);
  return hive.leads() && hive.log.settled == hive.log.commit;
}

Stamp Queen::stamp() { return {now_, wall_, next_random(state_.random), state_.node}; }

}  // namespace queenright::election
