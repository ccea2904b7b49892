#include "sim/world/client.hpp"

#include <chrono>
#include <utility>

#include "actors/roles/plan/need.hpp"
#include "messages/digest.hpp"
#include "messages/writer.hpp"

namespace queenright::sim {

using messages::Answered;
using messages::Duration;
using messages::Key;
using messages::Reply;
using messages::Submit;

namespace {

constexpr Duration patience = std::chrono::seconds{1};
constexpr Duration pause_after_no_answer = std::chrono::milliseconds{100};
constexpr Duration looks_every = std::chrono::seconds{2};
constexpr Duration reads_every = std::chrono::milliseconds{40};
constexpr Duration cancels_within = std::chrono::seconds{5};
constexpr std::uint64_t cancelled_permille = 100;

bool has_ended(const std::string& state) { return messages::is_over(state) || state == "closed"; }

}  // namespace

Client::Client(Ports ports, const Options& options, std::uint64_t number)
    : ports_(std::move(ports)),
      options_(options),
      number_(number),
      chance_(options.seed, 0x300U + number) {
  for (std::uint32_t i = 0; i < options.runs_at_once; ++i)
    ports_.agenda.at({chance_.up_to(options_.thinking)}, [this] { begin_run(); });
  if (options_.reads) read();
}

Key Client::next_key() { return {"client/" + std::to_string(number_), ++said_}; }

void Client::begin_run() {
  if (!stopped_) open_run({}, made_up_plan(chance_, !options_.alike));
}

void Client::submit(messages::NodeId queen, const PlainWork& work) {
  open_run(queen, plain_plan(work));
}

void Client::cancel(messages::CircuitId run, messages::NodeId queen) {
  const auto found = of_circuit_.find(run);
  if (found == of_circuit_.end() || runs_[found->second].over) return;
  runs_[found->second].queen = queen;
  ask(found->second, run, messages::CancelRun{"enough"});
}

void Client::open_run(std::optional<messages::NodeId> queen, roles::Plan plan) {
  ClientRun run;
  run.queen = queen;
  run.key = "client/" + std::to_string(number_) + "/run/" + std::to_string(runs_.size());
  runs_.push_back(std::move(run));
  plans_.push_back(std::move(plan));
  ask(runs_.size() - 1, messages::hive_circuit,
      messages::OpenRun{"made-up", "sha256:made-up", runs_.back().key,
                        roles::needs_of(plans_.back())});
}

void Client::ask(std::size_t run, messages::CircuitId circuit, messages::Command command) {
  const Key key = next_key();
  open_[key] = {{circuit, key, std::move(command)}, run, 0};
  repeat(key, runs_[run].queen);
}

/// Says a command for the first time, or again, until it has its answer.
void Client::repeat(const Key& key, std::optional<messages::NodeId> queen) {
  const auto question = open_.find(key);
  if (question == open_.end()) return;
  say(question->second.submit, queen);
  repeat_in(question->second, patience);
}

/// At another queen; only the last such decision counts.
void Client::repeat_in(Question& question, Duration pause) {
  const auto repeated = ++question.repeat;
  ports_.agenda.at(ports_.agenda.now() + pause + chance_.up_to(pause),
                   [this, key = question.submit.key, repeated] {
                     const auto found = open_.find(key);
                     if (found != open_.end() && found->second.repeat == repeated) repeat(key, {});
                   });
}

void Client::say(messages::Item item, std::optional<messages::NodeId> queen) {
  if (!queen) queen = {static_cast<std::uint16_t>(1 + chance_.below(options_.queens))};
  ports_.say(*queen, std::move(item));
}

void Client::hear(const messages::Item& item) {
  if (const auto* reply = std::get_if<Reply>(&item))
    answered(*reply);
  else if (const auto* events = std::get_if<messages::Events>(&item))
    happened(*events);
}

void Client::answered(const Reply& reply) {
  if (!is_final(reply.answered)) {
    const auto undecided = open_.find(reply.key);
    if (undecided != open_.end()) repeat_in(undecided->second, pause_after_no_answer);
    return;
  }
  const auto question = open_.extract(reply.key);
  if (question.empty()) return;  // answered before
  const std::size_t number = question.mapped().run;
  const auto& command = question.mapped().submit.command;
  auto& run = runs_[number];
  const bool done = reply.answered == Answered::ok;
  if (std::holds_alternative<messages::OpenRun>(command)) {
    opened(number, reply);
  } else if (std::holds_alternative<messages::Begin>(command)) {
    if (done) run.begun = ports_.agenda.now();
    if (done) return look(number);
    run.refused = reply.reason;
    finish(number);
  } else if (done && std::holds_alternative<messages::CancelRun>(command)) {
    run.cancelled = ports_.agenda.now();
  }
}

void Client::opened(std::size_t number, const Reply& reply) {
  auto& run = runs_[number];
  if (reply.answered != Answered::ok) {
    run.refused = reply.reason;
    return finish(number);
  }
  const auto* result = reply.result.map();
  if (result == nullptr || !result->contains("circuit")) {
    run.refused = "opened, it was said, but not as which circuit";
    return finish(number);
  }
  const auto circuit = result->at("circuit").integer();
  run.circuit = messages::CircuitId{static_cast<std::uint64_t>(*circuit)};
  run.opened = ports_.agenda.now();
  of_circuit_[*run.circuit] = number;
  begin(number);
}

void Client::begin(std::size_t number) {
  auto& run = runs_[number];
  const auto& plan = plans_[number];
  for (const auto& step : plan.steps) run.steps.push_back(step.id);
  ask(number, *run.circuit,
      messages::Begin{messages::encode(plan), "sha256:made-up", run.key, run.key});
  if (run.queen || !chance_.permille(cancelled_permille)) return;
  ports_.agenda.at(ports_.agenda.now() + chance_.up_to(cancels_within), [this, number] {
    if (!runs_[number].ended) ask(number, *runs_[number].circuit, messages::CancelRun{"enough"});
  });
}

/// Whoever watches hears what happens, until the queen that tells it falls.
void Client::look(std::size_t number) {
  const auto& run = runs_[number];
  if (run.ended) return;
  say(messages::Watch{*run.circuit});
  if (options_.reads) say(messages::Read{*run.circuit, next_key(), chance_.permille(500)});
  if (run.state == "awaiting_operator") decide(number);
  ports_.agenda.at(ports_.agenda.now() + looks_every, [this, number] { look(number); });
}

void Client::happened(const messages::Events& events) {
  const auto found = of_circuit_.find(events.circuit);
  if (found == of_circuit_.end()) return;
  for (const auto& event : events.events)
    if (event.step.empty()) change(found->second, event.state);
}

void Client::change(std::size_t number, const std::string& state) {
  auto& run = runs_[number];
  if (run.ended || state == run.state) return;
  run.state = state;
  if (!has_ended(state)) return;
  run.ended = ports_.agenda.now();
  finish(number);
}

/// How all is, or how the run is that was opened last.
void Client::read() {
  if (stopped_) return;
  const bool of_run = !of_circuit_.empty() && chance_.permille(500);
  const auto circuit = of_run ? of_circuit_.rbegin()->first : messages::hive_circuit;
  say(messages::Read{circuit, next_key(), false});
  ports_.agenda.at(ports_.agenda.now() + chance_.up_to(2 * reads_every), [this] { read(); });
}

/// A person who does not look closely decides about one step after the other: all but those that
/// wait for that are refused.
void Client::decide(std::size_t number) {
  const auto& run = runs_[number];
  const auto& step = run.steps[chance_.below(run.steps.size())];
  if (chance_.permille(300)) {
    const auto verdict =
        chance_.permille(800) ? messages::Verdict::approve : messages::Verdict::reject;
    return ask(number, *run.circuit, messages::ApproveStep{step, {}, verdict, "somebody", {}});
  }
  const auto resolution =
      chance_.permille(500) ? messages::Resolution::retry : messages::Resolution::skip;
  ask(number, *run.circuit, messages::ResolveStep{step, resolution});
}

void Client::finish(std::size_t number) {
  if (std::exchange(runs_[number].over, true) || runs_[number].queen) return;
  ports_.agenda.at(ports_.agenda.now() + chance_.up_to(options_.thinking), [this] { begin_run(); });
}

}  // namespace queenright::sim
