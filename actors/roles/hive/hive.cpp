#include "actors/roles/hive/hive.hpp"

#include <algorithm>
#include <chrono>

#include "actors/roles/report.hpp"
#include "messages/exit_code.hpp"
#include "messages/reader.hpp"
#include "messages/text.hpp"
#include "messages/writer.hpp"

namespace queenright::roles {

using messages::AppliedEntry;
using messages::CircuitId;
using messages::CommittedEntry;
using messages::Duration;
using messages::ExitCode;
using messages::OpenRun;
using messages::Propose;
using messages::RunChanged;
using messages::RunStatus;
using messages::Value;

namespace {

constexpr Duration plan_must_come_within = std::chrono::seconds{60};
constexpr std::size_t runs_told = 100;  // the newest, in a summary

}  // namespace

bool never_began(const RunRecord& record) { return is_over(record.status) && !record.began; }

Propose abandonment(CircuitId circuit) {
  return {circuit, {"abandon", circuit.value}, messages::AbandonRun{"its plan never came"}};
}

std::string Hive::state_bytes() const { return messages::encode(state_); }
std::string Hive::state_text() const { return messages::to_text(state_); }

bool Hive::take_state(std::string_view bytes) {
  auto given = messages::decode<HiveState>(bytes);
  if (!given) return false;
  state_ = std::move(given).value();
  without_plan_.clear();
  for (const auto& [circuit, record] : state_.runs)
    if (record.status == RunStatus::queued && !record.abandoned) without_plan_.insert(circuit);
  reviews_.clear();
  for (const auto& [worker, record] : state_.workers) plan_review(worker);
  return true;
}

Value Hive::summary() const {
  Value::Map runs;
  for (auto run = state_.runs.rbegin(); run != state_.runs.rend() && runs.size() < runs_told; ++run)
    runs[run->second.run] = name_of(run->second.status);
  Value::Map draining;
  for (const auto& [node, reason] : state_.draining) draining[std::to_string(node.value)] = reason;
  return Value::Map{
      {"runs", std::move(runs)},           {"workers", workers_of(state_)},
      {"draining", std::move(draining)},   {"mode", std::string(name_of(state_.mode))},
      {"mode_reason", state_.mode_reason}, {"mode_ends_by", way_out(state_)}};
}

AppliedEntry Hive::apply(CommittedEntry entry) {
  AppliedEntry made;
  made.index = entry.index;
  if (const auto* wanted = std::get_if<OpenRun>(&entry.command))
    open(*wanted, entry, made);
  else if (const auto* changed = std::get_if<RunChanged>(&entry.command))
    change(*changed, entry.wall, made);
  else if (const auto* worker = std::get_if<messages::RegisterWorker>(&entry.command))
    enroll(*worker, entry, made);
  else if (const auto* lost = std::get_if<messages::WorkerLost>(&entry.command))
    lose(*lost, entry, made);
  else if (const auto* judged = std::get_if<messages::WorkerJudged>(&entry.command))
    judge(*judged, entry, made);
  else if (const auto* drained = std::get_if<messages::DrainNode>(&entry.command))
    drain(*drained, made);
  else if (const auto* undrained = std::get_if<messages::UndrainNode>(&entry.command))
    undrain(*undrained, made);
  else if (const auto* mode = std::get_if<messages::SetMode>(&entry.command))
    set_mode(*mode, entry, made);
  else if (const auto* heartbeat = std::get_if<messages::Heartbeat>(&entry.command))
    hear(*heartbeat, entry, made);
  else if (std::holds_alternative<messages::TimePassed>(entry.command)) {
    abandon(entry.circuit_time, made);
    review(entry, made);
    miss_the_operator(entry.circuit_time, made);
  } else
    made.refused = "not a command of the hive circuit";
  return made;
}

void Hive::open(const OpenRun& wanted, const CommittedEntry& entry, AppliedEntry& made) {
  if (!opens_runs(state_.mode)) {
    made.refused = "the hive's mode is " + std::string(name_of(state_.mode)) + " (" +
                   state_.mode_reason + "), so no run is opened; " + way_out(state_) + " ends it";
    made.result = Value::Map{{"exit_code", Value(std::int64_t{number_of(ExitCode::unavailable)})}};
    return;
  }
  if (auto unmet = unmet_need(state_.workers, wanted.needs); !unmet.empty()) {
    made.refused = std::move(unmet);
    made.result = Value::Map{{"exit_code", Value(std::int64_t{number_of(ExitCode::not_found)})}};
    return;
  }
  ++state_.last_circuit.value;
  const CircuitId circuit = state_.last_circuit;
  RunRecord record;
  record.run = wanted.plan_name + "-" + std::to_string(circuit.value);
  record.plan_name = wanted.plan_name;
  record.plan_hash = wanted.plan_hash;
  record.opened = entry.wall;
  record.opened_at = entry.circuit_time;
  record.key = wanted.key;
  made.result =
      Value::Map{{"circuit", static_cast<std::int64_t>(circuit.value)}, {"run", record.run}};
  state_.runs[circuit] = std::move(record);
  without_plan_.insert(circuit);
  made.effects.push_back(messages::OpenCircuit{circuit, entry.entry_queen});
  offer_all(circuit, made);
  forget_oldest();
}

void Hive::change(const RunChanged& changed, messages::WallTime wall, AppliedEntry& made) {
  const auto found = state_.runs.find(changed.circuit);
  if (found == state_.runs.end()) {
    made.refused = "there is no such run";
    return;
  }
  auto& record = found->second;
  if (is_over(record.status)) {
    made.refused = "the run is over";
    return;
  }
  if (changed.status == RunStatus::queued) {
    made.refused = "a run does not become queued again";
    return;
  }
  without_plan_.erase(changed.circuit);
  record.began = record.began || !is_over(changed.status);
  record.status = changed.status;
  record.exit_code = changed.exit_code;
  record.reason = changed.reason;
  if (!is_over(changed.status)) return;
  record.ended = wall;
  for (const auto& [worker, known] : state_.workers)
    if (!known.lost)  // who comes back is told of all that is over
      made.effects.push_back(messages::CleanUp{worker, changed.circuit});
}

void Hive::abandon(Duration circuit_time, AppliedEntry& made) {
  while (!without_plan_.empty()) {
    const CircuitId circuit = *without_plan_.begin();
    auto& record = state_.runs.at(circuit);
    if (record.opened_at + plan_must_come_within > circuit_time) return;
    record.abandoned = true;
    without_plan_.erase(without_plan_.begin());
    made.effects.push_back(abandonment(circuit));
  }
}

std::optional<Duration> Hive::circuit_deadline() const {
  std::optional<Duration> deadline;
  if (!without_plan_.empty())
    deadline = state_.runs.at(*without_plan_.begin()).opened_at + plan_must_come_within;
  if (!reviews_.empty() && (!deadline || reviews_.begin()->first < *deadline))
    deadline = reviews_.begin()->first;
  if (expects_an_operator() && (!deadline || state_.attendance.due < *deadline))
    deadline = state_.attendance.due;
  return deadline;
}

void Hive::forget_oldest() {
  for (auto run = state_.runs.begin(); state_.runs.size() > runs_kept && run != state_.runs.end();)
    run = is_over(run->second.status) ? state_.runs.erase(run) : std::next(run);
}

}  // namespace queenright::roles
