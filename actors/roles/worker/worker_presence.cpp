#include <algorithm>
#include <utility>

#include "actors/roles/worker/worker.hpp"
#include "messages/ensure.hpp"

/// How a worker and its hive know of each other: it registers, says hello, and ends its work when
/// nobody answers for its time to live (docs/workers.md).
namespace queenright::roles {

using messages::Address;
using messages::AttemptEnd;
using messages::Booted;
using messages::Duration;
using messages::ensure;
using messages::Instant;
using messages::NodeId;
using messages::Session;
using messages::Submit;

namespace {

constexpr Duration time_to_end = std::chrono::seconds{5};  ///< for children, before they are killed

}  // namespace

void Worker::join(const Booted& booted) {
  state_.node = booted.node;
  state_.incarnation = booted.incarnation;
  state_.offer = booted.worker;
  state_.held = booted.held;
  state_.waits = booted.worker_waits;
  state_.queens = booted.queens;
  ensure(!state_.queens.empty(), "a hive has a queen");
  begin_session(
      std::max(messages::first_session(booted.incarnation), Session{state_.session.value + 1}));
  if (booted.amnesiac || state_.remembers == Session{}) state_.remembers = state_.session;
}

/// What an earlier session was given and has not begun is not begun in this one.
void Worker::begin_session(Session session) {
  state_.session = session;
  state_.registered = false;
  state_.refused.clear();
  state_.hello_at.reset();
  state_.enrolled_at = now_;
  state_.enrolment = {first_queen(), 1};
}

void Worker::enroll() {
  const Address own{state_.node, messages::worker_role()};
  effects_->send(
      {state_.enrolment.queen, messages::queen_role()},
      Submit{messages::hive_circuit, enrolment_key(),
             messages::RegisterWorker{own, state_.offer, state_.session, state_.remembers}});
}

messages::Key Worker::enrolment_key() const {
  return {"enroll/" + std::to_string(state_.node.value), state_.session.value};
}

/// That of its own node, where there is one.
NodeId Worker::first_queen() const {
  const auto& queens = state_.queens;
  const bool is_queen = std::find(queens.begin(), queens.end(), state_.node) != queens.end();
  return is_queen ? state_.node : queens.front();
}

/// The only queen is on this node: neither is ever there without the other.
bool Worker::is_alone() const {
  return state_.queens.size() == 1 && state_.queens.front() == state_.node;
}

/// Nobody has counted it as lost since it began to ask. Who is refused does not ask again: it
/// offers what no hive takes, or another process has its name.
void Worker::enrolment_decided(const messages::Reply& reply) {
  state_.registered = reply.answered == messages::Answered::ok;
  if (!state_.registered) state_.refused = reply.reason.empty() ? "refused" : reply.reason;
  // Not before: whoever hears that an attempt is lost gives its task out again, and here at best.
  for (const auto& [id, unreported] : state_.outbox) say(id, unreported);
  if (!state_.registered || is_alone()) return;
  state_.contact = std::max(state_.contact.value_or(state_.enrolled_at), state_.enrolled_at);
  state_.hello_at = now_;
}

void Worker::say_hello() {
  if (!state_.hello_at || now_ < *state_.hello_at) return;
  const messages::WorkerHello hello{state_.session, now_, static_cast<std::uint32_t>(running_),
                                    static_cast<std::uint32_t>(queue_.size())};
  for (const NodeId queen : state_.queens) effects_->send({queen, messages::queen_role()}, hello);
  state_.hello_at = now_ + worker_hello_every(state_.offer);
}

void Worker::heard(const messages::WorkerHeard& heard) {
  if (heard.session != state_.session || !state_.registered) return;
  if (heard.known) {
    state_.contact = std::max(*state_.contact, heard.sent);
    return;
  }
  begin_session({state_.session.value + 1});
  enroll();
  if (!state_.repeat_at) state_.repeat_at = now_ + repeat_after;
}

/// When it begins to end what it runs; all of it is over when its time to live is.
std::optional<Instant> Worker::cut_off_at() const {
  if (!state_.contact || !rules_.holds(election::Rule::time_to_live)) return std::nullopt;
  const Duration life = time_to_live_of(state_.offer);
  return *state_.contact + (life - std::min(time_to_end, life / 4));
}

/// Its hive will count all that it runs as of unknown fate. Whatever was meant for this session is
/// declined from now on.
void Worker::end_if_cut_off() {
  const auto at = cut_off_at();
  if (!at || now_ < *at) return;
  const Instant ends = *state_.contact + time_to_live_of(state_.offer);
  for (const auto& [id, attempt] : std::map(state_.attempts)) {
    if (attempt.phase == AttemptPhase::queued) {
      report(id, outcome_of(AttemptEnd::declined, "its worker was cut off from the hive"));
    } else if (attempt.phase == AttemptPhase::running) {
      end(id, AttemptEnd::unknown);
      set_deadline(id, state_.attempts.at(id), std::max(ends, now_));
    }
  }
  state_.contact.reset();
  begin_session({state_.session.value + 1});
  enroll();
  if (!state_.repeat_at) state_.repeat_at = now_ + repeat_after;
}

/// Why an order for another session is not done: nothing of it has begun, as far as this worker
/// remembers; else it does not know. A hive that it is alone with can't have given it up meanwhile.
std::optional<messages::AttemptOutcome> Worker::refusal(
    const messages::StartAttempt& wanted) const {
  if (!rules_.holds(election::Rule::worker_sessions)) return std::nullopt;
  if (wanted.session > state_.session || wanted.session < state_.remembers)
    return outcome_of(AttemptEnd::unknown, "the worker has lost its journal since");
  if (wanted.session < state_.session && !is_alone())
    return outcome_of(AttemptEnd::declined, "it was for an earlier life of the worker");
  if (state_.draining && !is_alone())
    return outcome_of(AttemptEnd::declined, "its node is about to stop");
  if (queued_children_ >= queued_at_most(state_.offer) &&
      !std::holds_alternative<messages::Noop>(wanted.work))
    return outcome_of(AttemptEnd::declined,
                      "full: " + std::to_string(queued_children_) + " attempts wait already");
  return std::nullopt;
}

}  // namespace queenright::roles
