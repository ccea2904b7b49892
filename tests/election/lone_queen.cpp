#include "tests/election/lone_queen.hpp"

#include <utility>

#include "messages/ensure.hpp"
#include "messages/reader.hpp"

namespace queenright::election {

using messages::Applied;
using messages::Booted;
using messages::Committed;
using messages::ensure;
using messages::Envelope;
using messages::Item;

void LoneQueen::boot(std::vector<CircuitId> held) {
  Booted booted;
  booted.timing = messages::usual_timing;
  booted.incarnation = {++incarnation_};
  booted.seed = 4'711 + incarnation_;
  booted.node = {1};
  booted.queens = {{1}};
  booted.held = std::move(held);
  take(booted);
}

void LoneQueen::boot_again(std::vector<CircuitId> held) {
  votes.clear();
  selves.clear();
  committed.clear();
  effects.clear();
  boot(std::move(held));
}

void LoneQueen::wait(Duration span) {
  now_ = now_ + span;
  wall_.milliseconds += std::chrono::duration_cast<std::chrono::milliseconds>(span).count();
}

void LoneQueen::due() {
  const auto at = queen_->deadline();
  ensure(at.has_value(), "the test expects a deadline");
  if (*at > now_) wait(*at - now_);
  take(messages::Due{});
}

void LoneQueen::submit(const Submit& submit, const Address& from) {
  take(Envelope{from, {submit}});
}

void LoneQueen::watch(CircuitId circuit, const Address& from, messages::LogIndex since) {
  take(Envelope{from, {messages::Watch{circuit, since}}});
}

void LoneQueen::unwatch(const Address& from) { take(Envelope{from, {messages::Unwatch{}}}); }

void LoneQueen::inspect(const messages::Inspect& wanted, const Address& from) {
  take(Envelope{from, {wanted}});
}

void LoneQueen::drain(const std::string& reason) { take(messages::Drain{reason, 0}); }

void LoneQueen::sync_once() {
  const auto written = taken(selves);
  for (const auto& vote : taken(votes)) take(Envelope{queen_address, {vote}});
  for (const auto& self : written) take(Envelope{queen_address, {self}});
}

void LoneQueen::sync() {
  while (!selves.empty() || !votes.empty()) sync_once();
}

void LoneQueen::applied(Applied applied) {
  const Address circuit{{1}, messages::circuit_role(applied.circuit)};
  take(Envelope{circuit, {std::move(applied)}});
}

void LoneQueen::applied(CircuitId circuit, AppliedEntry made) {
  applied(Applied{circuit, {std::move(made)}, {}, false, {}, {}});
}

void LoneQueen::apply(const Committed& entries, bool finished, std::optional<Duration> deadline) {
  Applied made{entries.circuit, {}, deadline, finished, {}};
  for (const auto& entry : entries.entries) made.entries.push_back({entry.index, {}, {}, {}, {}});
  applied(std::move(made));
}

void LoneQueen::acknowledge(const messages::SinkEffect& effect, bool refused) {
  take(Envelope{worker_address,
                {messages::SinkAck{effect.circuit, effect.epoch, effect.id, refused}}});
}

QueenState LoneQueen::state() const {
  return messages::decode<QueenState>(queen_->snapshot()).value();
}

const Replica& LoneQueen::replica(CircuitId circuit) {
  seen_ = state();
  return seen_.agreement.replicas.at(circuit);
}

void LoneQueen::take(Input::Body body) {
  Input input{{}, {}, now_, wall_, std::move(body)};
  inputs_.push_back(input);
  messages::Effects said;
  queen_->step(std::move(input), said);
  for (const auto& effect : said.take()) sort(effect);
}

void LoneQueen::sort(const messages::Effect& effect) {
  if (const auto* retire = std::get_if<messages::Retire>(&effect.body))
    return retired.push_back(retire->role);
  const auto& send = std::get<messages::Send>(effect.body);
  for (const auto& item : send.items) {
    if (const auto* vote = std::get_if<messages::OwnVote>(&item)) {
      votes.push_back(*vote);
    } else if (const auto* self = std::get_if<messages::Self>(&item)) {
      selves.push_back(*self);
    } else if (const auto* entries = std::get_if<Committed>(&item)) {
      committed.push_back(*entries);
    } else if (const auto* reply = std::get_if<messages::Reply>(&item)) {
      replies.push_back(*reply);
      answered_to.push_back(send.to);
    } else if (const auto* wanted = std::get_if<messages::SinkEffect>(&item)) {
      effects.push_back(*wanted);
    } else if (const auto* answer = std::get_if<messages::Answer>(&item)) {
      answers.push_back(*answer);
    } else {
      events.push_back(std::get<messages::Events>(item));
    }
  }
}

Submit open_run(const std::string& key, const std::string& plan) {
  return {messages::hive_circuit, {key, 0}, messages::OpenRun{plan, "hash", key}};
}

Submit cancel(CircuitId circuit, const std::string& key, const std::string& reason) {
  return {circuit, {key, 0}, messages::CancelRun{reason}};
}

messages::CircuitEffect start_attempt(std::uint32_t task) {
  return messages::StartAttempt{worker_address, {first_run, {task}, {1}}, messages::Noop{}, {}, {}};
}

AppliedEntry made_of(const Committed& committed, std::vector<CircuitEffect> effects) {
  AppliedEntry made;
  made.index = committed.entries.back().index;
  made.effects = std::move(effects);
  return made;
}

LoneQueen leading() {
  LoneQueen queen;
  queen.boot();
  queen.sync();
  ensure(queen.replica(messages::hive_circuit).leads(), "a synced queen leads");
  return queen;
}

LoneQueen leading_a_run() {
  LoneQueen queen = leading();
  queen.submit(open_run("opening"), client);
  queen.sync();
  queen.applied(messages::hive_circuit,
                made_of(only(queen.committed), {messages::OpenCircuit{first_run, {1}}}));
  queen.sync();
  ensure(queen.replica(first_run).leads(), "a synced opener leads");
  queen.replies.clear();
  queen.answered_to.clear();
  return queen;
}

LoneQueen with_effects(std::vector<CircuitEffect> effects) {
  LoneQueen queen = leading_a_run();
  queen.submit(cancel(first_run, "asks"), client);
  queen.sync();
  queen.applied(first_run, made_of(only(queen.committed), std::move(effects)));
  queen.replies.clear();
  queen.answered_to.clear();
  return queen;
}

}  // namespace queenright::election
