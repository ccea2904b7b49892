#include <algorithm>
#include <map>

#include "actors/roles/circuit/circuit.hpp"
#include "actors/roles/hive/worker_record.hpp"
#include "messages/ensure.hpp"

/// Attempts at tasks.
namespace queenright::roles {

using messages::Artifact;
using messages::AttemptEnd;
using messages::AttemptOutcome;
using messages::Duration;
using messages::Exec;
using messages::Refusal;
using messages::Result;
using messages::TaskId;
using messages::Value;
using messages::Work;

namespace {

constexpr std::uint64_t max_output_bytes = 16U << 20U;  // of a run, in the journal

Result<std::string> expand_text(const std::string& text, const Scope& scope,
                                const std::string& where) {
  TextError error;
  const auto parsed = Template::parse(text, error);
  messages::ensure(parsed.has_value(), "expressions are checked when a run begins");
  if (!parsed->has_expressions() && text.find("${{") == std::string::npos) return text;
  const auto value = parsed->evaluate(scope);
  if (!value) return Refusal{where + ": " + value.reason()};
  return text_of(value.value());
}

/// A text which the system takes up to its first NUL: one in the middle would be cut silently.
Result<std::string> expand_system_text(const std::string& text, const Scope& scope,
                                       const std::string& where) {
  auto expanded = expand_text(text, scope, where);
  if (expanded && expanded.value().find('\0') != std::string::npos)
    return Refusal{where + ": a NUL byte can't be passed to a process"};
  return expanded;
}

Result<Work> expand_exec(const ExecTemplate& exec, const Plan& plan, const Scope& scope) {
  Exec work;
  work.secrets = plan.secrets;
  work.output = exec.output;
  for (const auto& argument : exec.argv) {
    auto text = expand_system_text(argument, scope, "exec");
    if (!text) return Refusal{text.reason()};
    work.argv.push_back(std::move(text).value());
  }
  for (const auto& [variable, value] : exec.env) {
    auto text = expand_system_text(value, scope, "env " + variable);
    if (!text) return Refusal{text.reason()};
    work.env[variable] = std::move(text).value();
  }
  auto cwd = expand_system_text(exec.cwd, scope, "cwd");
  if (!cwd) return Refusal{cwd.reason()};
  work.cwd = std::move(cwd).value();
  for (const auto& pattern : exec.artifacts) {
    auto text = expand_system_text(pattern, scope, "artifacts");
    if (!text) return Refusal{text.reason()};
    work.artifacts.push_back(std::move(text).value());
  }
  auto input = expand_text(exec.stdin_text, scope, "stdin");
  if (!input) return Refusal{input.reason()};
  work.stdin_text = std::move(input).value();
  return Work{std::move(work)};
}

std::uint64_t kept_size(const Value& value) {
  if (const auto* text = value.text()) return text->size();
  return value.is_null() ? 0 : to_json(value).size();
}

std::string failure_of(const AttemptOutcome& outcome) {
  switch (outcome.end) {
    case AttemptEnd::exited:
      return outcome.exit_code != 0 ? "exit code " + std::to_string(outcome.exit_code)
                                    : outcome.reason;
    case AttemptEnd::signalled: return "ended by signal " + std::to_string(outcome.signal);
    case AttemptEnd::timed_out: return "timed out";
    case AttemptEnd::cancelled: return "cancelled";
    default: return outcome.reason;
  }
}

/// Of a text; what failed often says why on its way.
Value end_of(const Value& output) {
  static constexpr std::size_t kept = 1024;
  const auto* text = output.text();
  if (text == nullptr || text->empty()) return {};
  auto from = text->size() - std::min(text->size(), kept);
  while (from < text->size() && (static_cast<unsigned char>((*text)[from]) & 0xC0U) == 0x80U)
    ++from;  // in the middle of a character
  return text->substr(from);
}

}  // namespace

Result<Work> Circuit::work_of(const Task& task) const {
  const auto& step = planned(task.step);
  const auto* exec = task.rolls_back ? &*step.rollback : std::get_if<ExecTemplate>(&step.work);
  if (exec == nullptr) return Work{messages::Noop{}};
  const auto element = fans_out(task.step) ? std::optional(task.element) : std::nullopt;
  auto work = expand_exec(*exec, state_.plan, CircuitScope(state_, places_, task.step, element));
  if (!work || task.rolls_back) return work;
  auto inputs = inputs_of(task.step);
  if (!inputs) return Refusal{inputs.reason()};
  auto with_inputs = std::get<Exec>(std::move(work).value());
  with_inputs.inputs = std::move(inputs).value();
  return Work{std::move(with_inputs)};
}

/// The files that its needs have made; of one that has failed, those of its fallback.
Result<std::vector<Artifact>> Circuit::inputs_of(std::uint32_t step) const {
  std::map<std::string, const Artifact*> by_path;
  for (const auto need : planned(step).needs) {
    for (const auto& artifact : state_.steps[stand_in_of(state_, need)].artifacts) {
      const auto [known, fresh] = by_path.emplace(artifact.path, &artifact);
      if (!fresh && known->second->digest != artifact.digest)
        return Refusal{"what it needs gives two different files '" + artifact.path + "'"};
    }
  }
  std::vector<Artifact> inputs;
  for (const auto& [path, artifact] : by_path) inputs.push_back(*artifact);
  return inputs;
}

/// How an attempt ended is known, or will never be.
void Circuit::conclude(TaskId id, AttemptOutcome outcome) {
  auto& task = task_at(id);
  if (went_well(outcome) && !task.rolls_back) {
    outcome.reason = refusal_of_output(task, outcome);
    if (outcome.reason.empty()) keep_output(task, outcome);
  }
  const bool succeeded = went_well(outcome);
  outcome.output = succeeded && !task.rolls_back ? Value() : end_of(outcome.output);
  outcome.artifacts.clear();
  if (succeeded) outcome.diagnostics.clear();  // of interest when something went wrong
  task.attempts.back().ended = true;
  task.attempts.back().outcome = outcome;
  count_given(task, task.attempts.back().worker, -1);
  judge_worker(task.attempts.back());
  if (succeeded) {
    state_.workers.at(task.attempts.back().worker).breakers.erase(task.step);
    end_task(id, TaskStatus::succeeded, {});
  } else if (outcome.end == AttemptEnd::unknown) {
    lose_attempt(id, outcome);
  } else if (is_ending() && !task.rolls_back) {
    end_task(id, TaskStatus::cancelled, state_.ending->reason);
  } else if (is_workers_fault(task, outcome)) {
    dispatch(id);
  } else {
    fail_attempt(id, outcome);
  }
}

/// A run keeps 16 MiB in the journal. Beyond, JSON is refused; text is cut to nothing.
std::string Circuit::refusal_of_output(const Task& task, const AttemptOutcome& outcome) const {
  const auto made = state_.steps[task.step].artifacts.size() + outcome.artifacts.size();
  if (made > max_artifacts_of_step)
    return "it has made too many artifacts: a step keeps at most 1,000";
  const auto* exec = std::get_if<ExecTemplate>(&planned(task.step).work);
  if (has_room_for(outcome.output) || exec == nullptr || exec->output != messages::OutputMode::json)
    return {};
  return "its JSON was cut: a run keeps at most 16 MiB of output";
}

bool Circuit::has_room_for(const Value& output) const {
  return state_.output_bytes + kept_size(output) <= max_output_bytes;
}

void Circuit::keep_output(const Task& task, AttemptOutcome& outcome) {
  auto& step = state_.steps[task.step];
  auto& kept = std::get<Value::List>(step.outputs.kind())[task.element];
  if (has_room_for(outcome.output)) {
    state_.output_bytes += kept_size(outcome.output);
    kept = std::move(outcome.output);
  } else {
    outcome.output_cut = true;
    kept = std::string();
  }
  step.ran_on = task.attempts.back().worker;
  step.artifacts.insert(step.artifacts.end(), outcome.artifacts.begin(), outcome.artifacts.end());
  step.made_by.resize(step.artifacts.size(), task.element);
  if (!outcome.output_cut) return;
  step.outputs_cut = true;
  step.reason = "its output was cut: 64 KiB of a task are kept, 16 MiB of a run";
}

/// The task is final: its step goes on, or ends.
void Circuit::end_task(TaskId id, TaskStatus status, std::string reason) {
  auto& task = task_at(id);
  if (task.status == TaskStatus::waiting) due_.erase({task.go_on_at, id});
  if (task.status == TaskStatus::ready) ready_.erase(id);
  const bool was_unknown = task.status == TaskStatus::unknown;
  task.status = status;
  task.reason = std::move(reason);
  const bool undone = task.rolls_back && status == TaskStatus::succeeded;
  tell(task.step, &task, undone ? "rolled_back" : name_of(status), task.reason);
  if (task.rolls_back) return;  // its step was over before
  if (status == TaskStatus::succeeded) task.done_as = ++done_;
  auto& run = state_.steps[task.step];
  --(was_unknown ? run.unknown : run.active);
  if (status != TaskStatus::succeeded && status != TaskStatus::skipped &&
      run.failure == TaskStatus::waiting) {
    run.failure = status;
    run.reason = fans_out(task.step)
                     ? "element " + std::to_string(task.element) + ": " + task.reason
                     : task.reason;
  }
  make_tasks(task.step);
}

void Circuit::fail_attempt(TaskId id, const AttemptOutcome& outcome) {
  auto& task = task_at(id);
  const auto& retry = planned(task.step).retry;
  ++task.known_failures;
  std::string reason = failure_of(outcome);
  const auto& worker = task.attempts.back().worker;
  const bool opens = opens_breaker(task.step, worker, reason);
  if (task.known_failures < retry.attempts) {
    pause(id, backoff(task, retry));
    if (opens) reason += "; the breaker of " + name_of_worker(worker) + " opens";
    tell(task.step, &task, "waiting", std::move(reason));
    return;
  }
  end_task(id, outcome.end == AttemptEnd::timed_out ? TaskStatus::timed_out : TaskStatus::failed,
           std::move(reason));
}

/// Nobody knows what the attempt did. Only what is idempotent is simply tried again.
void Circuit::lose_attempt(TaskId id, const AttemptOutcome& outcome) {
  auto& task = task_at(id);
  const bool again = planned(task.step).idempotent;
  if (again && is_ending() && !task.rolls_back)
    return end_task(id, TaskStatus::cancelled, state_.ending->reason);
  if (again) return dispatch(id);
  task.status = TaskStatus::unknown;
  task.reason = outcome.reason;
  if (task.rolls_back) return tell(task.step, &task, "unknown", task.reason);
  auto& run = state_.steps[task.step];
  --run.active;
  ++run.unknown;
  run.reason = outcome.reason;
  tell(task.step, &task, "unknown", task.reason);
  make_tasks(task.step);
}

bool Circuit::waits(const Task& task) const {
  return !task.rolls_back && std::holds_alternative<Wait>(planned(task.step).work);
}

/// The task is only to wait.
void Circuit::let_pass(TaskId id, Duration span) {
  if (span > Duration{})
    pause(id, span);
  else
    end_task(id, TaskStatus::succeeded, {});
}

/// It goes on by itself, later.
void Circuit::pause(TaskId id, Duration span) {
  auto& task = task_at(id);
  task.status = TaskStatus::waiting;
  task.go_on_at = run_time_ + span;
  due_.emplace(task.go_on_at, id);
}

/// Exponential with full jitter: anything from nothing to the doubled span.
Duration Circuit::backoff(const Task& task, const Retry& retry) const {
  Duration span = retry.backoff;
  for (std::uint32_t i = 1; i < task.known_failures && span < retry.max; ++i)
    span = span > retry.max / 2 ? retry.max : span * 2;
  span = std::min(span, retry.max);
  std::uint64_t random = seed_ ^ (std::uint64_t{task.step} << 32U) ^ task.element;
  random = (random ^ (random >> 33U)) * 0xFF51AFD7ED558CCDU;  // MurmurHash3's finalizer
  random ^= random >> 33U;
  return Duration{
      static_cast<std::int64_t>(random % (static_cast<std::uint64_t>(span.count()) + 1))};
}

}  // namespace queenright::roles
