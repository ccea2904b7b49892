#include "tests/actors/roles/lone_worker.hpp"

#include <algorithm>
#include <utility>

#include "messages/ensure.hpp"
#include "messages/reader.hpp"

namespace queenright::roles {

using messages::AttemptId;
using messages::AttemptOutcome;
using messages::Effect;
using messages::Envelope;
using messages::SinkEffect;
using messages::StartAttempt;
using messages::Submit;

LoneWorker::LoneWorker(std::uint32_t slots) : worker_(make_role(messages::worker_role())) {
  boot(slots);
}

LoneWorker::LoneWorker(messages::NodeId node, std::vector<messages::NodeId> queens)
    : node_(node), queens_(std::move(queens)), worker_(make_role(messages::worker_role())) {
  boot(1);
}

void LoneWorker::boot(std::uint32_t slots, std::vector<messages::CircuitId> held) {
  messages::Booted booted;
  booted.incarnation = {++incarnation_};
  booted.node = node_;
  booted.queens = queens_;
  booted.worker.slots = slots;
  booted.held = std::move(held);
  take(booted);
}

SinkEffect LoneWorker::want(messages::CircuitEffect payload, std::uint32_t epoch) {
  const SinkEffect effect{run_circuit, {epoch}, {{++effects_}, {0}}, std::move(payload)};
  say(effect);
  return effect;
}

void LoneWorker::say(const SinkEffect& effect, messages::NodeId queen) {
  hear({queen, messages::queen_role()}, effect);
}

void LoneWorker::hear(const messages::Address& from, messages::Item item) {
  take(Envelope{from, {std::move(item)}});
}

void LoneWorker::boot_to_wait() {
  messages::Booted booted;
  booted.incarnation = {++incarnation_};
  booted.node = node_;
  booted.queens = queens_;
  booted.worker.slots = 1;
  booted.worker_waits = true;
  take(booted);
}

void LoneWorker::start(const AttemptId& id, messages::Duration timeout) {
  messages::Exec exec;
  exec.argv = {"do", std::to_string(id.task.value)};
  SinkEffect effect{id.circuit, {1}, {{++effects_}, {0}}, {}};
  effect.payload = StartAttempt{worker_address, id, exec, timeout, state().session};
  say(effect);
}

void LoneWorker::start_noop(const AttemptId& id) {
  want(StartAttempt{worker_address, id, messages::Noop{}, {}, state().session});
}

void LoneWorker::end(const AttemptId& id) { want(messages::EndAttempt{worker_address, id}); }

void LoneWorker::clean_up(messages::CircuitId circuit) {
  say({messages::hive_circuit,
       {1},
       {{++effects_}, {0}},
       messages::CleanUp{worker_address, circuit}});
}

void LoneWorker::exit(const AttemptId& id, AttemptOutcome outcome, Told told) {
  const bool told_to_end =
      told == Told::in_time && outcome.end != messages::AttemptEnd::not_started &&
      std::any_of(ends.begin(), ends.end(), [&](const auto& end) { return end.attempt == id; });
  take(messages::ChildExited{id, std::move(outcome), told_to_end});
}

void LoneWorker::answer(const Submit& submit, messages::Answered answered, messages::NodeId queen) {
  hear({queen, messages::queen_role()},
       messages::Reply{submit.circuit, submit.key, answered, {}, {}});
}

void LoneWorker::drain(const std::string& reason, std::int32_t exit_code) {
  take(messages::Drain{reason, exit_code});
}

void LoneWorker::due() {
  for (bool only_hello = true; only_hello;) {
    const auto at = worker_->deadline();
    messages::ensure(at.has_value(), "the test expects a deadline");
    now_ = std::max(now_, *at);
    only_hello = state().hello_at == at && state().repeat_at != at;
    take(messages::Due{});
  }
}

void LoneWorker::wait(messages::Duration span) {
  const auto end = now_ + span;
  for (auto at = worker_->deadline(); at && *at <= end; at = worker_->deadline()) {
    now_ = std::max(now_, *at);
    take(messages::Due{});
  }
  now_ = end;
}

bool LoneWorker::rests() const {
  const auto now = state();
  return now.registered && now.outbox.empty() && !now.repeat_at;
}

std::vector<AttemptId> LoneWorker::spawned() {
  std::vector<AttemptId> ids;
  for (const auto& spawn : std::exchange(spawns, {})) ids.push_back(spawn.attempt);
  return ids;
}

WorkerState LoneWorker::state() const {
  return messages::decode<WorkerState>(worker_->snapshot()).value();
}

void LoneWorker::take(messages::Input::Body body) {
  messages::Input input{{}, {}, now_, wall_, std::move(body)};
  inputs_.push_back(input);
  messages::Effects effects;
  worker_->step(std::move(input), effects);
  const auto said = hellos.size();
  for (const auto& effect : effects.take()) sort(effect);
  if (hellos.size() > said && is_heard)
    hear(queen_address, messages::WorkerHeard{hellos.back().session, hellos.back().sent, true});
}

void LoneWorker::sort(const Effect& effect) {
  if (const auto* spawn = std::get_if<messages::Spawn>(&effect.body))
    return spawns.push_back(*spawn);
  if (const auto* end = std::get_if<messages::EndChild>(&effect.body)) return ends.push_back(*end);
  if (const auto* sweep = std::get_if<messages::SweepCircuit>(&effect.body))
    return sweeps.push_back(sweep->circuit);
  if (const auto* stop = std::get_if<messages::StopNode>(&effect.body))
    return stops.push_back(*stop);
  const auto& send = std::get<messages::Send>(effect.body);
  const bool is_answer = send.to.role.kind == messages::RoleKind::client;
  messages::ensure(is_answer || send.to.role == messages::queen_role(),
                   "a worker speaks to queens, or answers its own node");
  for (const auto& item : send.items) {
    if (const auto* ack = std::get_if<messages::SinkAck>(&item)) {
      acks.push_back(*ack);
      continue;
    }
    if (const auto* answer = std::get_if<messages::Answer>(&item)) {
      answers.push_back(*answer);
      continue;
    }
    if (const auto* hello = std::get_if<messages::WorkerHello>(&item)) {
      hellos.push_back(*hello);
      continue;
    }
    const auto& submit = std::get<Submit>(item);
    queens_told.push_back(send.to.node);
    (submit.circuit == messages::hive_circuit ? enrolments : results).push_back(submit);
  }
}

const AttemptOutcome& outcome_in(const Submit& result) {
  return std::get<messages::AttemptEnded>(result.command).outcome;
}

AttemptId attempt_in(const Submit& result) {
  const auto& ended = std::get<messages::AttemptEnded>(result.command);
  return {result.circuit, ended.task, ended.attempt};
}

}  // namespace queenright::roles
