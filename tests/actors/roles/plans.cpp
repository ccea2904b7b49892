#include "tests/actors/roles/plans.hpp"

#include <utility>

#include "messages/writer.hpp"

namespace queenright::roles {

using messages::AttemptEnd;
using messages::AttemptOutcome;

namespace {

AttemptOutcome ended(AttemptEnd end, std::string reason = {}) {
  AttemptOutcome outcome;
  outcome.end = end;
  outcome.reason = std::move(reason);
  outcome.started = {1'000};
  outcome.ended = {2'000};
  outcome.took = std::chrono::seconds{1};
  return outcome;
}

}  // namespace

Step noop(std::string id, Needs needs) {
  Step step;
  step.id = std::move(id);
  step.needs = std::move(needs);
  step.max_parallel = 16;
  step.retry = {1, std::chrono::milliseconds{200}, std::chrono::seconds{5}};
  return step;
}

Step exec(std::string id, Needs needs) {
  Step step = noop(std::move(id), std::move(needs));
  ExecTemplate work;
  work.argv = {"do", step.id};
  step.work = std::move(work);
  return step;
}

Step json(std::string id, Needs needs) {
  Step step = exec(std::move(id), std::move(needs));
  std::get<ExecTemplate>(step.work).output = messages::OutputMode::json;
  return step;
}

Step fan_out(std::string id, std::string list, std::uint32_t max_parallel, Needs needs) {
  Step step = exec(std::move(id), std::move(needs));
  std::get<ExecTemplate>(step.work).argv.emplace_back("${{ index }}");
  step.foreach = "${{ " + std::move(list) + " }}";
  step.max_parallel = max_parallel;
  return step;
}

Step wait(std::string id, messages::Duration span, Needs needs) {
  Step step = noop(std::move(id), std::move(needs));
  step.work = Wait{span};
  return step;
}

Step with_rollback(Step step) {
  step.rollback = ExecTemplate{{"undo", step.id}, {}, {}, {}, {}};
  return step;
}

Step with_fallback(Step step, std::uint32_t fallback) {
  step.fallback = fallback;
  return step;
}

Step when(Step step, std::string condition) {
  step.when = "${{ " + std::move(condition) + " }}";
  return step;
}

Step retried(Step step, std::uint32_t attempts) {
  step.retry.attempts = attempts;
  return step;
}

Step idempotent(Step step) {
  step.idempotent = true;
  return step;
}

Plan plan_of(std::vector<Step> steps) {
  Plan plan;
  plan.title = "tried";
  plan.steps = std::move(steps);
  return plan;
}

messages::Begin begin_of(const Plan& plan) {
  return {messages::encode(plan), "sha256:plan", plan.title + "-1", "a key"};
}

AttemptOutcome succeeded(messages::Value output) {
  auto outcome = ended(AttemptEnd::exited);
  outcome.output = std::move(output);
  return outcome;
}

AttemptOutcome failed(std::int32_t exit_code) {
  auto outcome = ended(AttemptEnd::exited);
  outcome.exit_code = exit_code;
  outcome.diagnostics = "it said why";
  return outcome;
}

AttemptOutcome timed_out() { return ended(AttemptEnd::timed_out); }
AttemptOutcome cancelled() { return ended(AttemptEnd::cancelled); }
AttemptOutcome lost() { return ended(AttemptEnd::unknown, "the worker was lost"); }

}  // namespace queenright::roles
