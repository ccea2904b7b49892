#include "deploy/program/records/preview.hpp"

#include <fmt/format.h>

#include <optional>
#include <utility>

#include "actors/roles/circuit/circuit.hpp"
#include "actors/roles/hive/hive.hpp"
#include "actors/roles/report.hpp"
#include "deploy/program/columns.hpp"
#include "messages/writer.hpp"

namespace queenright::program {

using messages::AppliedEntry;
using messages::Refusal;
using messages::Result;
using messages::RunEvent;
using messages::Value;

namespace {

/// As the next entry of its log, and as if its root came back: the time since then has passed.
messages::CommittedEntry next_entry(const roles::CircuitState& state, messages::Command decision,
                                    messages::WallTime now) {
  messages::CommittedEntry entry;
  entry.index = {state.last_entry.value + 1};
  entry.epoch = {state.passed.epoch.value + 1};
  entry.root = state.passed.root;
  entry.circuit_time = state.passed.circuit_time;
  entry.wall = now;
  entry.command = std::move(decision);
  return entry;
}

AppliedEntry applied_by(roles::Circuit& circuit, messages::CommittedEntry entry) {
  const messages::NodeId node{1};
  messages::Effects effects;
  circuit.step({{},
                {},
                {},
                {},
                messages::Envelope{
                    {node, messages::queen_role()},
                    {messages::Committed{
                        circuit.state().circuit, {std::move(entry)}, circuit.progress().applied}}}},
               effects);
  for (auto& effect : effects.take())
    if (auto* send = std::get_if<messages::Send>(&effect.body))
      for (auto& item : send->items)
        if (auto* applied = std::get_if<messages::Applied>(&item))
          return std::move(applied->entries.at(0));
  return {};
}

Value event_value(std::string step, std::optional<std::uint64_t> element, std::string state,
                  std::string reason) {
  return Value::Map{{"step", step.empty() ? Value() : Value(std::move(step))},
                    {"element", element ? Value(static_cast<std::int64_t>(*element)) : Value()},
                    {"state", std::move(state)},
                    {"reason", std::move(reason)}};
}

/// Rollbacks are made one at a time, and last.
bool undoes(const roles::CircuitState& state, const RunEvent& event) {
  return event.state == "assigned" && !state.tasks.empty() && state.tasks.back().rolls_back &&
         state.plan.steps[state.tasks.back().step].id == event.step;
}

Value::List events_of(const AppliedEntry& made, const roles::CircuitState& state) {
  Value::List events;
  for (const auto& event : made.events) {
    const auto element = event.element == 0 ? std::nullopt : std::optional(event.element - 1);
    events.push_back(event_value(event.step, element,
                                 undoes(state, event) ? "undoing" : event.state, event.reason));
  }
  for (const auto& effect : made.effects)
    if (const auto* end = std::get_if<messages::EndAttempt>(&effect)) {
      const auto& task = state.tasks.at(end->attempt.task.value - 1);
      const auto& step = state.plan.steps[task.step];
      const auto element =
          step.foreach.empty() ? std::nullopt : std::optional<std::uint64_t>(task.element);
      events.push_back(event_value(step.id, element, "ending", {}));
    }
  return events;
}

}  // namespace

Result<Value> preview_of(const roles::CircuitState& state, messages::Command decision,
                         messages::WallTime now) {
  if (messages::is_over(state.status))
    return Refusal{state.run + " is over (" + name_of(state.status) + ")"};
  roles::Circuit circuit(state.circuit);
  roles::ReplicaSnapshot snapshot;
  snapshot.progress.applied = state.last_entry;
  snapshot.replica.state = messages::encode(state);
  if (const auto resumed = circuit.resume(std::move(snapshot)); !resumed)
    return Refusal{resumed.reason()};
  const auto made = applied_by(circuit, next_entry(state, std::move(decision), now));
  if (!made.refused.empty()) return Refusal{made.refused};
  return Value(Value::Map{{"run", state.run},
                          {"status", name_of(circuit.state().status)},
                          {"events", events_of(made, circuit.state())}});
}

std::string preview_text(const Value& preview, Format format) {
  if (format != Format::human) return formatted(preview, format);
  const auto& told = *preview.map();
  const auto& run = *told.at("run").text();
  std::string text = folded(run + " would be " + *told.at("status").text(), "", run.size());
  for (const auto& one : *told.at("events").list()) {
    const auto& event = *one.map();
    const auto* step = event.at("step").text();
    const auto* element = event.at("element").integer();
    const auto& reason = *event.at("reason").text();
    text += folded(fmt::format("{}{}: {}{}", step == nullptr ? "the run" : *step,
                               element == nullptr ? "" : fmt::format(", element {}", *element),
                               *event.at("state").text(), reason.empty() ? "" : ", " + reason),
                   "  ");
  }
  return text;
}

}  // namespace queenright::program
