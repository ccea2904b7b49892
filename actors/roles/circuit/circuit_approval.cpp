#include <algorithm>

#include "actors/roles/circuit/circuit.hpp"
#include "actors/roles/plan/sha256.hpp"
#include "messages/ensure.hpp"
#include "messages/result.hpp"

/// Steps that a person has to agree to before anything of them begins.
namespace queenright::roles {

using messages::RunStatus;
using messages::Value;

namespace {

/// The values that a text names.
std::string values_in(const std::string& text, const Scope& scope) {
  TextError error;
  const auto parsed = Template::parse(text, error);
  messages::ensure(parsed.has_value(), "expressions are checked when a run begins");
  std::string values;
  for (const auto& reference : parsed->references())
    if (const auto found = scope.find(reference.path)) values += to_json(*found->value) + '\n';
  return values;
}

}  // namespace

/// Changes with the plan, the step's elements, each value that its work names, and each file that
/// it finds.
std::string Circuit::approval_hash(std::uint32_t step) const {
  std::string bound = state_.plan_hash + '\n' + planned(step).id + '\n' +
                      to_json(state_.steps[step].elements) + '\n';
  const CircuitScope scope(state_, places_, step, std::nullopt);
  if (const auto* exec = std::get_if<ExecTemplate>(&planned(step).work))
    for_each_template(*exec, [&](const std::string& text) { bound += values_in(text, scope); });
  if (const auto inputs = inputs_of(step))
    for (const auto& input : inputs.value()) bound += input.path + ' ' + input.digest + '\n';
  return sha256_of(bound);
}

void Circuit::ask_approval(std::uint32_t step) {
  const auto& policy = *planned(step).approval;
  auto& run = state_.steps[step];
  run.approval = ApprovalRun{};
  run.approval->hash = approval_hash(step);
  run.approval->asked = wall_;
  if (policy.expires > messages::Duration{}) {
    run.approval->expires_at = run_time_ + policy.expires;
    approvals_.emplace(run.approval->expires_at, step);
  }
  run.status = TaskStatus::waiting;
  run.reason = "waits for an approval" + (policy.reason.empty() ? "" : ": " + policy.reason);
  tell(step, nullptr, "waiting", run.reason);
}

void Circuit::approve(const messages::ApproveStep& decision) {
  const auto place = place_of(decision);
  if (!place) {
    made_.refused = place.reason();
    return;
  }
  const std::uint32_t step = place.value();
  made_.refused = wrong_with(decision, step);
  if (!made_.refused.empty()) return;
  auto& run = state_.steps[step];
  const bool approved = decision.verdict == messages::Verdict::approve;
  settle_approval(step, approved ? ApprovalStatus::approved : ApprovalStatus::rejected);
  run.approval->approver = decision.approver;
  run.approval->comment = decision.comment;
  if (state_.status == RunStatus::awaiting_operator) enter(RunStatus::running, {});
  if (!approved)
    return fail_step(step, "rejected by " + decision.approver +
                               (decision.comment.empty() ? "" : ": " + decision.comment));
  run.status = TaskStatus::assigned;
  run.reason.clear();
  tell(step, nullptr, "approved", "by " + decision.approver);
  make_tasks(step);
}

/// The step that it names, or else the only one that waits.
messages::Result<std::uint32_t> Circuit::place_of(const messages::ApproveStep& decision) const {
  if (!decision.step.empty()) {
    const auto place = places_.find(decision.step);
    if (place != places_.end()) return std::uint32_t{place->second};
    return messages::Refusal{"there is no step '" + decision.step + "'"};
  }
  std::vector<std::uint32_t> waiting;
  for (std::uint32_t step = 0; step < state_.steps.size(); ++step)
    if (waits_for_approval(state_.steps[step])) waiting.push_back(step);
  if (waiting.size() == 1) return std::uint32_t{waiting.front()};
  if (waiting.empty()) return messages::Refusal{"no step of the run waits for an approval"};
  std::string names;
  for (const auto step : waiting) names += (names.empty() ? "" : ", ") + planned(step).id;
  return messages::Refusal{"several steps wait: name one of " + names};
}

/// Why the decision can't be taken, or nothing.
std::string Circuit::wrong_with(const messages::ApproveStep& decision, std::uint32_t step) const {
  const auto& approval = state_.steps[step].approval;
  const std::string who = "step '" + planned(step).id + "'";
  const auto status = state_.steps[step].status;
  if (!approval || (approval->status == ApprovalStatus::waiting && is_final(status)))
    return who + " waits for no approval: it is " + name_of(status);
  switch (approval->status) {
    case ApprovalStatus::waiting: break;
    case ApprovalStatus::approved: return who + " is approved already, by " + approval->approver;
    case ApprovalStatus::rejected: return who + " was rejected, by " + approval->approver;
    case ApprovalStatus::expired: return "the time to approve " + who + " is over";
  }
  const auto expires_at = approval->expires_at;
  if (expires_at > messages::Duration{} && run_time_ >= expires_at)
    return "the time to approve " + who + " is over";
  if (!decision.hash.empty() && decision.hash != approval->hash)
    return "what is to be approved is not what was seen: it is " + approval->hash;
  const auto& by = planned(step).approval->by;
  if (by.empty() || std::find(by.begin(), by.end(), decision.approver) != by.end()) return {};
  std::string named;
  for (const auto& one : by) named += (named.empty() ? "" : ", ") + one;
  return "'" + decision.approver + "' may not decide about " + who + ": " + named + " may";
}

void Circuit::settle_approval(std::uint32_t step, ApprovalStatus status) {
  auto& approval = *state_.steps[step].approval;
  approvals_.erase({approval.expires_at, step});
  approval.status = status;
  approval.decided = wall_;
}

void Circuit::expire_approvals() {
  while (!approvals_.empty() && approvals_.begin()->first <= run_time_) {
    const auto step = approvals_.begin()->second;
    settle_approval(step, ApprovalStatus::expired);
    if (state_.status == RunStatus::awaiting_operator) enter(RunStatus::running, {});
    fail_step(step, "nobody has approved it in time");
  }
}

}  // namespace queenright::roles
