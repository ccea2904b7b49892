#include "sim/invariants/attempt_invariants.hpp"

#include <chrono>

#include "actors/roles/hive/worker_record.hpp"
#include "actors/roles/plan/need.hpp"

namespace queenright::sim {

using messages::AttemptEnd;
using messages::AttemptId;
using messages::LogIndex;
using messages::TaskId;

namespace {

AttemptId before(const AttemptId& attempt) {
  return {attempt.circuit, attempt.task, {attempt.attempt.value - 1}};
}

const roles::Task& task_of(const roles::CircuitState& state, TaskId task) {
  return state.tasks.at(task.value - 1);
}

/// Steps that a person wants tried again, with the places of these commands.
std::map<LogIndex, std::string> retried_steps(const messages::Input& input) {
  std::map<LogIndex, std::string> steps;
  each_item_taken(input, [&](const messages::Address&, const messages::Item& item) {
    const auto* committed = std::get_if<messages::Committed>(&item);
    if (committed == nullptr) return;
    for (const auto& entry : committed->entries) {
      const auto* resolve = std::get_if<messages::ResolveStep>(&entry.command);
      if (resolve != nullptr && resolve->resolution == messages::Resolution::retry)
        steps[entry.index] = resolve->step;
    }
  });
  return steps;
}

/// In the same turn the circuit has heard something else of the worker.
bool told_of_later(const messages::Input& input, LogIndex index, const messages::Address& worker) {
  bool later = false;
  each_item_taken(input, [&](const messages::Address&, const messages::Item& item) {
    const auto* committed = std::get_if<messages::Committed>(&item);
    if (committed == nullptr) return;
    for (const auto& entry : committed->entries) {
      const auto* offer = std::get_if<messages::OfferWorker>(&entry.command);
      later |= offer != nullptr && offer->worker == worker && entry.index > index;
    }
  });
  return later;
}

/// From the end of a child's time to live to its exit, be it ever so slow.
constexpr messages::Duration dies_within = std::chrono::seconds{4};

}  // namespace

void AttemptInvariants::turned(const Turned& turn) {
  if (const auto* child = std::get_if<messages::ChildExited>(&turn.input.body)) {
    exited_.insert(child->attempt);
    running_.erase(child->attempt);
  }
  if (const auto* circuit = dynamic_cast<const roles::Circuit*>(turn.after))
    circuit_turned(turn, *circuit);
}

void AttemptInvariants::circuit_turned(const Turned& turn, const roles::Circuit& circuit) {
  const auto retried = retried_steps(turn.input);
  each_item_sent(turn.effects, [&](const messages::Address&, const messages::Item& item) {
    const auto* applied = std::get_if<messages::Applied>(&item);
    if (applied == nullptr) return;
    for (const auto& entry : applied->entries) {
      const auto step = retried.find(entry.index);
      if (step != retried.end() && entry.refused.empty()) decided(circuit.state(), step->second);
      for (const auto& effect : entry.effects) {
        if (const auto* end = std::get_if<messages::EndAttempt>(&effect))
          left(turn, circuit.state(), end->attempt);
        const auto* start = std::get_if<messages::StartAttempt>(&effect);
        if (start == nullptr) continue;
        ordered(turn, circuit.state(), start->attempt);
        if (!told_of_later(turn.input, entry.index, start->worker))
          placed(turn, circuit.state(), *start);
      }
    }
  });
}

/// Of all attempts of this step of which nobody knows the end.
void AttemptInvariants::decided(const roles::CircuitState& state, const std::string& step) {
  for (std::uint32_t i = 0; i < state.tasks.size(); ++i) {
    const auto& task = state.tasks[i];
    if (state.plan.steps.at(task.step).id != step) continue;
    for (std::uint32_t attempt = 0; attempt < task.attempts.size(); ++attempt)
      if (task.attempts[attempt].outcome.end == AttemptEnd::unknown)
        given_up_.insert({state.circuit, {i + 1}, {attempt + 1}});
  }
}

void AttemptInvariants::ordered(const Turned& turn, const roles::CircuitState& state,
                                const AttemptId& attempt) {
  if (attempt.attempt.value < 2) return;
  const AttemptId last = before(attempt);
  const auto& task = task_of(state, attempt.task);
  const auto& record = task.attempts.at(last.attempt.value - 1);
  const auto& step = state.plan.steps.at(task.step);
  if (step.idempotent || given_up_.contains(last)) {
    repeatable_.insert(attempt);
  } else if (!record.ended || record.outcome.end == AttemptEnd::unknown) {
    violate(turn.at, "once",
            "step '" + step.id + "' of " + text_of(attempt.circuit) +
                " is not idempotent, and tried again though nobody knows how it ended",
            attempt.circuit, {turn.node});
  }
}

void AttemptInvariants::placed(const Turned& turn, const roles::CircuitState& state,
                               const messages::StartAttempt& start) {
  const auto worker = state.workers.find(start.worker);
  if (worker == state.workers.end()) return;
  const auto& told = worker->second.told;
  const auto missing =
      roles::lacks(told.offer, state.plan.steps.at(task_of(state, start.attempt.task).step).worker);
  if (!missing.empty())
    violate(
        turn.at, "placement",
        "a task of " + text_of(state.circuit) + " went to a worker that lacks " + missing.front(),
        state.circuit, {turn.node, start.worker.node});
  if (told.standing >= messages::WorkerStanding::demoted)
    violate(turn.at, "placement",
            "a task of " + text_of(state.circuit) + " went to a worker that is " +
                roles::name_of(told.standing),
            state.circuit, {turn.node, start.worker.node});
}

/// Its circuit wants it ended, and says so of one whose end it will never know.
void AttemptInvariants::left(const Turned& turn, const roles::CircuitState& state,
                             const AttemptId& attempt) {
  const auto& record = task_of(state, attempt.task).attempts.at(attempt.attempt.value - 1);
  if (record.ended && record.outcome.end == AttemptEnd::unknown) left_.emplace(attempt, turn.at);
}

void AttemptInvariants::ended(const Ended& ended) {
  std::erase_if(running_, [&](const auto& one) { return one.second == ended.node; });
}

void AttemptInvariants::look(const World& world) {
  for (const auto& [attempt, node] : running_) {
    const auto at = left_.find(attempt);
    if (at != left_.end() && at->second + dies_within < world.now() && !world.is_paused(node))
      violate(world.now(), "workers",
              "an attempt of " + text_of(attempt.circuit) +
                  " runs on, though its circuit has given it up",
              attempt.circuit, {node});
  }
}

void AttemptInvariants::released(const Released& released) {
  const auto* spawn = std::get_if<messages::Spawn>(&released.effect.body);
  if (spawn == nullptr) return;
  const AttemptId& attempt = spawn->attempt;
  running_[attempt] = released.node;
  if (left_.contains(attempt))
    violate(released.at, "workers",
            "an attempt of " + text_of(attempt.circuit) +
                " was started when its circuit had given it up",
            attempt.circuit, {released.node});
  if (!spawned_.insert(attempt).second)
    violate(released.at, "once", "an attempt of " + text_of(attempt.circuit) + " was started twice",
            attempt.circuit, {released.node});
  const AttemptId last = before(attempt);
  if (spawned_.contains(last) && !exited_.contains(last) && !repeatable_.contains(attempt))
    violate(released.at, "once",
            "a step of " + text_of(attempt.circuit) +
                " is not idempotent, and started again though nobody knows how it ended",
            attempt.circuit, {released.node});
}

}  // namespace queenright::sim
