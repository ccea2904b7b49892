#include "actors/roles/worker/worker.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "messages/ensure.hpp"
#include "messages/text.hpp"
#include "messages/writer.hpp"

namespace queenright::roles {

using messages::Address;
using messages::AttemptEnd;
using messages::AttemptId;
using messages::AttemptOutcome;
using messages::Booted;
using messages::ChildExited;
using messages::CircuitId;
using messages::Duration;
using messages::ensure;
using messages::Envelope;
using messages::Instant;
using messages::NodeId;
using messages::Reply;
using messages::SinkAck;
using messages::SinkEffect;
using messages::Submit;

namespace {

constexpr Duration kill_after = std::chrono::seconds{5};
constexpr std::size_t fences_kept = 65'536;

}  // namespace

Worker::Worker(WorkerState state, election::Rules rules) : rules_(rules), state_(std::move(state)) {
  for (auto& [id, attempt] : state_.attempts) {
    if (attempt.phase == AttemptPhase::queued)
      enqueue(id, attempt);
    else
      ++running_;
    if (attempt.deadline) deadlines_.emplace(*attempt.deadline, id);
  }
}

std::string Worker::snapshot() const { return messages::encode(state_); }
std::string Worker::text() const { return messages::to_text(state_); }

std::optional<Instant> Worker::deadline() const {
  std::optional<Instant> earliest;
  if (!deadlines_.empty()) earliest = deadlines_.begin()->first;
  for (const auto& at : {state_.repeat_at, state_.hello_at, cut_off_at()})
    if (at && (!earliest || *at < *earliest)) earliest = at;
  return earliest;
}

void Worker::step(messages::Input input, messages::Effects& effects) {
  effects_ = &effects;
  now_ = input.now;
  wall_ = input.wall;
  if (!std::holds_alternative<Booted>(input.body)) end_if_cut_off();
  if (auto* envelope = std::get_if<Envelope>(&input.body)) {
    for (auto& item : envelope->items) take(envelope->from, std::move(item));
  } else if (auto* child = std::get_if<ChildExited>(&input.body)) {
    exited(std::move(*child));
  } else if (const auto* booted = std::get_if<Booted>(&input.body)) {
    boot(*booted);
  } else if (std::holds_alternative<messages::Due>(input.body)) {
    alarms();
  } else if (const auto* drain = std::get_if<messages::Drain>(&input.body)) {
    drain_for(*drain);
  }
  start_queued();
  if (state_.draining && running_ == 0)
    effects_->emit(messages::StopNode{state_.draining->exit_code, state_.draining->reason});
}

/// The children of the last incarnation are gone, or go now when only this role fell. What had
/// not begun is begun, where its hive can't have given it up meanwhile; of what may have begun
/// nobody knows the end.
void Worker::boot(const Booted& booted) {
  join(booted);
  state_.draining.reset();
  state_.contact.reset();
  enroll();
  for (auto& [id, unreported] : state_.outbox) {
    unreported.asked = {state_.fences[id.circuit].root, 1};
    say(id, unreported);
  }
  for (const auto& [id, attempt] : std::map(state_.attempts)) {
    if (attempt.phase == AttemptPhase::queued) {
      if (!is_alone()) conclude(id, outcome_of(AttemptEnd::declined, "the worker ended before it"));
      continue;
    }
    effects_->emit(messages::EndChild{id, true});
    conclude(id, outcome_of(AttemptEnd::unknown, "the worker ended while it ran"));
  }
  state_.repeat_at = now_ + repeat_after;
}

void Worker::next_queen(Asked& asked) const {
  const auto& queens = state_.queens;
  auto next = std::find(queens.begin(), queens.end(), asked.queen);
  if (next != queens.end()) ++next;
  asked.queen = next == queens.end() ? queens.front() : *next;
}

/// The queen that was asked can't help: the next one may. False: all have been asked, and are
/// asked again on time.
bool Worker::declined(const Address& queen, Asked& asked) const {
  if (queen.node != asked.queen || asked.tried >= state_.queens.size()) return false;
  ++asked.tried;
  next_queen(asked);
  return true;
}

void Worker::take(const Address& from, messages::Item item) {
  if (auto* effect = std::get_if<SinkEffect>(&item))
    accept(from, std::move(*effect));
  else if (const auto* reply = std::get_if<Reply>(&item))
    answered(from, *reply);
  else if (const auto* said = std::get_if<messages::WorkerHeard>(&item))
    heard(*said);
  else if (from.node != state_.node)
    ++state_.dropped;
  else if (const auto* wanted = std::get_if<messages::Inspect>(&item))
    effects_->send(from, seen_of(*wanted));
  else
    ensure(false, "a worker got an item that is not for workers");
}

/// What it does, for its own node: whoever can answer is not stuck.
messages::Answer Worker::seen_of(const messages::Inspect& wanted) const {
  messages::Answer answer;
  answer.circuit = wanted.circuit;
  answer.key = wanted.key;
  answer.value = messages::Value::Map{{"running", static_cast<std::int64_t>(running_)},
                                      {"queued", static_cast<std::int64_t>(queue_.size())}};
  return answer;
}

/// R18, A-R20: an older root is refused, a repeat is acknowledged and not done again.
void Worker::accept(const Address& queen, SinkEffect effect) {
  auto& fence = state_.fences[effect.circuit];
  const bool fenced = effect.epoch < fence.epoch;
  effects_->send(queen,
                 SinkAck{effect.circuit, fenced ? fence.epoch : effect.epoch, effect.id, fenced});
  if (fenced) return;
  const bool has_new_root = std::exchange(fence.epoch, effect.epoch) != effect.epoch;
  fence.root = queen.node;
  if (has_new_root) say_to_root(effect.circuit);
  // To clean up twice is as good as once: the hive circuit, which never ends, asks for nothing
  // else, and so nothing of it is remembered.
  if (effect.circuit == messages::hive_circuit ||
      (!fence.over && fence.seen.insert(effect.id).second))
    perform(std::move(effect.payload));
}

void Worker::perform(messages::CircuitEffect effect) {
  if (auto* wanted = std::get_if<messages::StartAttempt>(&effect)) {
    auto refused = refusal(*wanted);
    auto [place, fresh] = state_.attempts.try_emplace(wanted->attempt);
    if (!fresh) return;
    auto& attempt = place->second;
    attempt.arrival = ++state_.arrivals;
    attempt.work = std::move(wanted->work);
    attempt.timeout = wanted->timeout;
    enqueue(wanted->attempt, attempt);
    if (refused) report(wanted->attempt, std::move(*refused));
  } else if (const auto* unwanted = std::get_if<messages::EndAttempt>(&effect)) {
    end(unwanted->attempt, AttemptEnd::cancelled);
  } else if (const auto* over = std::get_if<messages::CleanUp>(&effect)) {
    sweep(over->circuit);
  } else if (const auto* others = std::get_if<messages::CleanUpOthers>(&effect)) {
    sweep_others(*others);
  }
}

/// Others may take what a worker that drains has not begun.
void Worker::drain_for(const messages::Drain& drain) {
  state_.draining.reset();
  if (!drain.reason.empty()) state_.draining = drain;
  if (!state_.draining || is_alone()) return;
  const auto queued = queue_;
  for (const auto& [arrival, id] : queued)
    report(id, outcome_of(AttemptEnd::declined, "its node is about to stop"));
}

void Worker::start_queued() {
  if (state_.draining || state_.waits) return;
  for (auto next = queue_.begin(); running_ < state_.offer.slots && next != queue_.end();) {
    const AttemptId id = next->second;
    ++next;
    const bool held =
        std::find(state_.held.begin(), state_.held.end(), id.circuit) != state_.held.end();
    if (held) continue;
    auto& attempt = state_.attempts.at(id);
    dequeue(attempt);
    start(id, attempt);
  }
}

void Worker::enqueue(const AttemptId& id, const LiveAttempt& attempt) {
  queue_.emplace(attempt.arrival, id);
  if (!std::holds_alternative<messages::Noop>(attempt.work)) ++queued_children_;
}

void Worker::dequeue(const LiveAttempt& attempt) {
  queue_.erase(attempt.arrival);
  if (!std::holds_alternative<messages::Noop>(attempt.work)) --queued_children_;
}

void Worker::start(const AttemptId& id, LiveAttempt& attempt) {
  ++running_;
  attempt.phase = AttemptPhase::running;
  if (std::holds_alternative<messages::Noop>(attempt.work))
    return report(id, outcome_of(AttemptEnd::exited, {}));
  effects_->emit(messages::Spawn{id, std::get<messages::Exec>(std::move(attempt.work))});
  attempt.work = messages::Noop{};  // handed over; not needed again
  if (attempt.timeout > Duration{}) set_deadline(id, attempt, now_ + attempt.timeout);
}

void Worker::end(const AttemptId& id, AttemptEnd because) {
  const auto found = state_.attempts.find(id);
  if (found == state_.attempts.end()) return;
  auto& attempt = found->second;
  if (attempt.phase == AttemptPhase::queued) {
    report(id, outcome_of(because, {}));
  } else if (attempt.phase == AttemptPhase::running) {
    attempt.phase = AttemptPhase::ending;
    attempt.because = because;
    effects_->emit(messages::EndChild{id, false});
    set_deadline(id, attempt, now_ + kill_after);
  }
}

void Worker::sweep(CircuitId circuit) {
  auto& fence = state_.fences[circuit];
  fence.over = true;
  fence.seen.clear();
  const auto of_circuit = [&](const auto& entry) { return entry.first.circuit == circuit; };
  for (const auto& [id, attempt] : std::map(state_.attempts)) {
    if (id.circuit != circuit) continue;
    if (attempt.phase != AttemptPhase::queued) effects_->emit(messages::EndChild{id, true});
    forget(id);
  }
  std::erase_if(state_.outbox, of_circuit);
  effects_->emit(messages::SweepCircuit{circuit});
  for (auto old = state_.fences.begin();
       old != state_.fences.end() && state_.fences.size() > fences_kept;)
    old = old->second.over ? state_.fences.erase(old) : std::next(old);
}

/// Of circuits that ended while nobody could tell.
void Worker::sweep_others(const messages::CleanUpOthers& others) {
  std::vector<CircuitId> over;
  for (const auto& [circuit, fence] : state_.fences)
    if (!fence.over && circuit != messages::hive_circuit && circuit <= others.last &&
        !std::binary_search(others.wanted.begin(), others.wanted.end(), circuit))
      over.push_back(circuit);
  for (const CircuitId circuit : over) sweep(circuit);
}

void Worker::exited(ChildExited exited) {
  const auto found = state_.attempts.find(exited.attempt);
  if (found == state_.attempts.end()) return;  // swept meanwhile
  const auto& attempt = found->second;
  const bool ended_by_us =
      attempt.phase == AttemptPhase::ending || attempt.phase == AttemptPhase::killed;
  if (ended_by_us && exited.told_to_end) {  // else it was over, and its files were on their way
    exited.outcome.end = attempt.because;
    if (attempt.because == AttemptEnd::unknown)
      exited.outcome.reason = "its worker was cut off from the hive, and ended it";
  }
  report(exited.attempt, std::move(exited.outcome));
}

void Worker::alarms() {
  while (!deadlines_.empty() && deadlines_.begin()->first <= now_) {
    const AttemptId id = deadlines_.begin()->second;
    auto& attempt = state_.attempts.at(id);
    if (attempt.phase == AttemptPhase::running) {
      end(id, AttemptEnd::timed_out);
      continue;
    }
    attempt.phase = AttemptPhase::killed;
    effects_->emit(messages::EndChild{id, true});
    set_deadline(id, attempt, std::nullopt);
  }
  say_hello();
  if (!state_.repeat_at || *state_.repeat_at > now_) return;
  state_.repeat_at.reset();
  say_on_time();
  if (asks_to_register() || !state_.outbox.empty()) state_.repeat_at = now_ + repeat_after;
}

/// Whoever was asked has not answered for good: the next one is asked.
void Worker::say_on_time() {
  if (asks_to_register()) {
    next_queen(state_.enrolment);
    state_.enrolment.tried = 1;
    enroll();
  }
  for (auto& [id, unreported] : state_.outbox) {
    next_queen(unreported.asked);
    unreported.asked.tried = 1;
    say(id, unreported);
  }
}

void Worker::report(const AttemptId& id, AttemptOutcome outcome) {
  conclude(id, std::move(outcome));
  say(id, state_.outbox.at(id));
}

/// It is reported at the latest with what is said again.
void Worker::conclude(const AttemptId& id, AttemptOutcome outcome) {
  forget(id);
  state_.outbox[id] = {std::move(outcome), {state_.fences.at(id.circuit).root, 1}};
  if (!state_.repeat_at) state_.repeat_at = now_ + repeat_after;
}

void Worker::say(const AttemptId& id, const Unreported& unreported) {
  const auto sequence = (std::uint64_t{id.task.value} << 32U) | id.attempt.value;
  effects_->send({unreported.asked.queen, messages::queen_role()},
                 Submit{id.circuit,
                        {"attempt", sequence},
                        messages::AttemptEnded{id.task, id.attempt, unreported.outcome}});
}

/// The old root may be gone with what she was told.
void Worker::say_to_root(CircuitId circuit) {
  const NodeId root = state_.fences.at(circuit).root;
  for (auto unreported = state_.outbox.lower_bound({circuit, {}, {}});
       unreported != state_.outbox.end() && unreported->first.circuit == circuit; ++unreported) {
    unreported->second.asked = {root, 1};
    say(unreported->first, unreported->second);
  }
}

void Worker::answered(const Address& queen, const Reply& reply) {
  const bool decided = is_final(reply.answered);
  if (reply.circuit == messages::hive_circuit) {
    if (!asks_to_register() || reply.key != enrolment_key()) return;
    if (decided)
      enrolment_decided(reply);
    else if (declined(queen, state_.enrolment))
      enroll();
  } else {
    const auto told = state_.outbox.find({reply.circuit,
                                          {static_cast<std::uint32_t>(reply.key.sequence >> 32U)},
                                          {static_cast<std::uint32_t>(reply.key.sequence)}});
    if (told == state_.outbox.end()) return;
    if (decided)
      state_.outbox.erase(told);
    else if (declined(queen, told->second.asked))
      say(told->first, told->second);
  }
  if (!asks_to_register() && state_.outbox.empty()) state_.repeat_at.reset();
}

void Worker::set_deadline(const AttemptId& id, LiveAttempt& attempt,
                          std::optional<Instant> deadline) {
  if (attempt.deadline) deadlines_.erase({*attempt.deadline, id});
  attempt.deadline = deadline;
  if (deadline) deadlines_.emplace(*deadline, id);
}

void Worker::forget(const AttemptId& id) {
  auto& attempt = state_.attempts.at(id);
  set_deadline(id, attempt, std::nullopt);
  if (attempt.phase == AttemptPhase::queued)
    dequeue(attempt);
  else
    --running_;
  state_.attempts.erase(id);
}

AttemptOutcome Worker::outcome_of(AttemptEnd end, std::string reason) const {
  AttemptOutcome outcome;
  outcome.end = end;
  outcome.reason = std::move(reason);
  outcome.started = wall_;
  outcome.ended = wall_;
  return outcome;
}

}  // namespace queenright::roles
