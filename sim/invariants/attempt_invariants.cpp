#include "sim/invariants/attempt_invariants.hpp"

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

}  // namespace

void AttemptInvariants::turned(const Turned& turn) {
  if (const auto* child = std::get_if<messages::ChildExited>(&turn.input.body))
    exited_.insert(child->attempt);
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
      for (const auto& effect : entry.effects)
        if (const auto* start = std::get_if<messages::StartAttempt>(&effect))
          ordered(turn, circuit.state(), start->attempt);
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

void AttemptInvariants::released(const Released& released) {
  const auto* spawn = std::get_if<messages::Spawn>(&released.effect.body);
  if (spawn == nullptr) return;
  const AttemptId& attempt = spawn->attempt;
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
