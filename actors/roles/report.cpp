#include "actors/roles/report.hpp"

#include <array>
#include <chrono>
#include <cinttypes>
#include <cstdio>
#include <string_view>

#include "messages/digest.hpp"
#include "messages/exit_code.hpp"

namespace queenright::roles {

using messages::AttemptEnd;
using messages::Duration;
using messages::ExitCode;
using messages::RunStatus;
using messages::Value;
using messages::WallTime;

namespace {

Value number(std::uint64_t value) { return Value(static_cast<std::int64_t>(value)); }

Value time_or_null(WallTime time) { return time == WallTime{} ? Value() : Value(iso_time(time)); }

Value milliseconds(Duration span) {
  return Value(std::int64_t{std::chrono::duration_cast<std::chrono::milliseconds>(span).count()});
}

/// When something started and ended, and how long it took. Two roots have two clocks on the wall,
/// and either may be set: the difference of the times is no span.
void add_times(Value::Map& report, WallTime started, WallTime ended, Duration took) {
  report["started"] = time_or_null(started);
  report["ended"] = time_or_null(ended);
  if (started != WallTime{} && ended != WallTime{}) report["milliseconds"] = milliseconds(took);
}

std::string_view name_of(AttemptEnd end) {
  static constexpr std::array<std::string_view, 7> names{
      "exited", "signalled", "timed_out", "cancelled", "not_started", "unknown", "declined"};
  return names[static_cast<std::size_t>(end)];
}

Value attempt_report(const AttemptRecord& attempt) {
  Value::Map report{{"worker", name_of_worker(attempt.worker)},
                    {"assigned", iso_time(attempt.assigned)},
                    {"placed", name_of_worker(attempt.worker) + ": " + attempt.placed}};
  if (!attempt.ended) {
    report["status"] = "running";
    return report;
  }
  const auto& outcome = attempt.outcome;
  report["status"] = std::string(name_of(outcome.end));
  if (outcome.end == AttemptEnd::exited)
    report["exit_code"] = Value(std::int64_t{outcome.exit_code});
  if (outcome.signal != 0) report["signal"] = Value(std::int64_t{outcome.signal});
  if (!outcome.reason.empty()) report["reason"] = outcome.reason;
  if (!outcome.diagnostics.empty()) report["diagnostics"] = outcome.diagnostics;
  add_times(report, outcome.started, outcome.ended, outcome.took);
  report["processor_milliseconds"] = milliseconds(outcome.processor_time);
  report["peak_memory_bytes"] = number(outcome.peak_memory);
  report["output_bytes"] = number(outcome.output_size);
  if (!outcome.output_digest.empty()) report["output_digest"] = outcome.output_digest;
  if (outcome.output_cut) report["output_cut"] = true;
  if (outcome.output_kept) report["output_kept"] = true;
  if (!outcome.output.is_null()) report["output_end"] = outcome.output;
  return report;
}

Value task_report(const Task& task, const Value& output) {
  Value::List attempts;
  for (const auto& attempt : task.attempts) attempts.push_back(attempt_report(attempt));
  Value::Map report{{"element", number(task.element)}, {"status", name_of(task.status)}};
  report["attempts"] = std::move(attempts);
  if (!task.reason.empty()) report["reason"] = task.reason;
  if (!output.is_null()) report["output"] = output;
  return report;
}

/// What all attempts of a run used together.
struct Use {
  Duration processor{};
  std::uint64_t peak_memory = 0;
  std::uint64_t attempts = 0;
  std::uint64_t retries = 0;

  void add(const Task& task) {
    attempts += task.attempts.size();
    retries += task.attempts.empty() ? 0 : task.attempts.size() - 1;
    for (const auto& attempt : task.attempts) {
      processor += attempt.outcome.processor_time;
      peak_memory = std::max(peak_memory, attempt.outcome.peak_memory);
    }
  }
};

/// The roots that led the run, each with its epoch and its first entry in the circuit's log.
Value leaders_report(const std::vector<Leadership>& leaders) {
  Value::List report;
  for (const auto& leader : leaders)
    report.push_back(Value::Map{{"epoch", number(leader.epoch.value)},
                                {"root", "queen@" + std::to_string(leader.root.value)},
                                {"since_entry", number(leader.since.value)}});
  return report;
}

std::string hexadecimal(std::uint64_t number) {
  std::array<char, 17> text{};
  std::snprintf(text.data(), text.size(), "%016" PRIx64, number);
  return text.data();
}

/// Of the breakers that opened: whose, at which step, and for what.
Value openings_report(const CircuitState& state) {
  Value::List report;
  for (const auto& opening : state.openings)
    report.push_back(
        Value::Map{{"worker", name_of_worker(opening.worker)},
                   {"step", opening.step ? Value(state.plan.steps[*opening.step].id) : Value()},
                   {"opened", iso_time(opening.at)},
                   {"reason", opening.reason}});
  return report;
}

/// None while the run may still get another one.
Value exit_code_report(RunStatus status, std::int32_t exit_code) {
  if (status == RunStatus::awaiting_operator)
    return Value(std::int64_t{number_of(ExitCode::awaiting_operator)});
  return is_over(status) ? Value(std::int64_t{exit_code}) : Value();
}

Value approval_report(const ApprovalRun& approval, const Approval& policy) {
  static constexpr std::array<std::string_view, 4> statuses{"waiting", "approved", "rejected",
                                                            "expired"};
  Value::Map report{{"status", std::string(statuses[static_cast<std::size_t>(approval.status)])},
                    {"by", Value::List(policy.by.begin(), policy.by.end())},
                    {"hash", approval.hash},
                    {"asked", iso_time(approval.asked)},
                    {"decided", time_or_null(approval.decided)}};
  if (const auto span = policy.expires / std::chrono::milliseconds{1}; span > 0)
    report["expires"] = iso_time({approval.asked.milliseconds + span});
  if (!policy.reason.empty()) report["reason"] = policy.reason;
  if (!approval.approver.empty()) report["approver"] = approval.approver;
  if (!approval.comment.empty()) report["comment"] = approval.comment;
  return report;
}

Value::Map step_report(const CircuitState& state, std::size_t step) {
  const StepRun& run = state.steps[step];
  const Step& planned = state.plan.steps[step];
  Value::List needs;
  for (const auto need : planned.needs) needs.emplace_back(state.plan.steps[need].id);
  Value::Map report{{"id", planned.id},
                    {"needs", std::move(needs)},
                    {"status", name_of(run.status)},
                    {"fans_out", !planned.foreach.empty()}};
  add_times(report, run.started, run.ended, run.ended_at - run.started_at);
  if (!run.reason.empty()) report["reason"] = run.reason;
  Value::List artifacts;
  for (const auto& artifact : run.artifacts)
    artifacts.push_back(Value::Map{{"path", artifact.path},
                                   {"digest", artifact.digest},
                                   {"bytes", number(artifact.size)},
                                   {"executable", artifact.executable}});
  if (!artifacts.empty()) report["artifacts"] = std::move(artifacts);
  if (run.approval) report["approval"] = approval_report(*run.approval, *planned.approval);
  return report;
}

}  // namespace

std::string iso_time(WallTime time) {
  using std::chrono::floor;
  const std::chrono::sys_time<std::chrono::milliseconds> at{
      std::chrono::milliseconds{time.milliseconds}};
  const auto day = floor<std::chrono::days>(at);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{at - day};
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ",
                static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                static_cast<unsigned>(date.day()), static_cast<int>(clock.hours().count()),
                static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()),
                static_cast<int>(clock.subseconds().count()));
  return text.data();
}

Value report_of(const CircuitState& state) {
  Use use;
  std::vector<Value::List> tasks(state.steps.size());
  std::vector<Value::List> rollbacks(state.steps.size());
  for (const auto& task : state.tasks) {
    use.add(task);
    if (task.rolls_back) {
      rollbacks[task.step].push_back(task_report(task, {}));
      continue;
    }
    const auto* outputs = state.steps[task.step].outputs.list();
    tasks[task.step].push_back(task_report(task, (*outputs)[task.element]));
  }
  Value::List steps;
  for (std::size_t i = 0; i < state.steps.size(); ++i) {
    auto step = step_report(state, i);
    step["tasks"] = std::move(tasks[i]);
    if (!rollbacks[i].empty()) step["rollbacks"] = std::move(rollbacks[i]);
    if (falls_back(state, static_cast<std::uint32_t>(i)))
      step["fallback"] = state.plan.steps[*state.plan.steps[i].fallback].id;
    steps.push_back(std::move(step));
  }
  Value::Map report{{"run", state.run},
                    {"plan", state.plan.title},
                    {"plan_hash", state.plan_hash},
                    {"status", name_of(state.status)},
                    {"exit_code", exit_code_report(state.status, state.exit_code)},
                    {"reason", state.reason}};
  report["steps"] = std::move(steps);  // a list of initial values would copy it
  add_times(report, state.started, state.ended, state.ended_at - state.started_at);
  report["resources"] = Value::Map{{"processor_milliseconds", milliseconds(use.processor)},
                                   {"peak_memory_bytes", number(use.peak_memory)},
                                   {"attempts", number(use.attempts)},
                                   {"retries", number(use.retries)},
                                   {"breakers_opened", number(state.breakers_opened)}};
  report["correlation"] =
      Value::Map{{"key", state.key}, {"trace", hexadecimal(messages::trace_of(state.key).value)}};
  report["leaders"] = leaders_report(state.leaders);
  if (!state.openings.empty()) report["breakers"] = openings_report(state);
  report["journal"] = Value::Map{{"role", "circuit/" + std::to_string(state.circuit.value)},
                                 {"last_entry", number(state.last_entry.value)}};
  return report;
}

Value report_of_quarantined(messages::CircuitId circuit, const std::string& reason) {
  const auto role = name_of(messages::circuit_role(circuit));
  return Value::Map{{"run", role},
                    {"status", "failed"},
                    {"exit_code", number_of(ExitCode::failed)},
                    {"reason", "quarantined: " + reason},
                    {"steps", Value::List{}},
                    {"journal", Value::Map{{"role", role}}}};
}

Value workers_of(const HiveState& state) {
  Value::Map workers;
  for (const auto& [worker, record] : state.workers) {
    Value::List capabilities(record.offer.capabilities.begin(), record.offer.capabilities.end());
    Value::Map labels(record.offer.labels.begin(), record.offer.labels.end());
    workers[name_of_worker(worker)] =
        Value::Map{{"standing", name_of(standing_of(record))},
                   {"reason", record.health.reason},
                   {"slots", number(record.offer.slots)},
                   {"capabilities", std::move(capabilities)},
                   {"labels", std::move(labels)},
                   {"trust", number(record.offer.trust)},
                   {"region", record.offer.region},
                   {"time_to_live_milliseconds", milliseconds(time_to_live_of(record.offer))},
                   {"session", number(record.session.value)},
                   {"registered", iso_time(record.registered)}};
  }
  return workers;
}

Value runs_of(const HiveState& state) {
  Value::List runs;
  for (const auto& [circuit, record] : state.runs) {
    Value::Map run{{"run", record.run},
                   {"circuit", number(circuit.value)},
                   {"plan", record.plan_name},
                   {"plan_hash", record.plan_hash},
                   {"status", name_of(record.status)},
                   {"exit_code", exit_code_report(record.status, record.exit_code)},
                   {"opened", iso_time(record.opened)},
                   {"ended", time_or_null(record.ended)}};
    if (!record.reason.empty()) run["reason"] = record.reason;
    runs.push_back(std::move(run));
  }
  return runs;
}

}  // namespace queenright::roles
