#include "actors/roles/plan/check.hpp"

#include <algorithm>
#include <set>

#include "actors/roles/plan/expression.hpp"
#include "actors/roles/plan/levels.hpp"
#include "actors/roles/plan/names.hpp"
#include "actors/roles/plan/need.hpp"

namespace queenright::roles {
namespace {

constexpr std::size_t max_steps = 10'000;

bool parses(const std::string& text) {
  TextError error;
  return Template::parse(text, error).has_value();
}

std::string wrong_with(const ExecTemplate& exec) {
  if (exec.argv.empty()) return "exec is empty";
  bool all = true;
  for_each_template(exec, [&](const std::string& text) { all = all && parses(text); });
  return all ? "" : "an expression can't be parsed";
}

std::string wrong_with(const Step& step) {
  const std::string where = "step '" + step.id + "': ";
  if (step.max_parallel == 0) return where + "max_parallel must be at least 1";
  if (step.retry.attempts == 0) return where + "retry.attempts must be at least 1";
  if (step.retry.backoff < messages::Duration{} || step.retry.max < messages::Duration{} ||
      step.timeout < messages::Duration{})
    return where + "a duration is negative";
  if (!parses(step.when) || !parses(step.foreach)) return where + "an expression can't be parsed";
  if (const auto wrong = roles::wrong_with(step.worker); !wrong.empty()) return where + wrong;
  const auto* wait = std::get_if<Wait>(&step.work);
  if (wait != nullptr && wait->span < messages::Duration{}) return where + "a duration is negative";
  const auto* exec = std::get_if<ExecTemplate>(&step.work);
  if (exec != nullptr)
    if (const auto wrong = wrong_with(*exec); !wrong.empty()) return where + wrong;
  if (step.rollback)
    if (const auto wrong = wrong_with(*step.rollback); !wrong.empty()) return where + wrong;
  return {};
}

/// One that the plan states, and one that a worker has, can't be the same variable.
std::string wrong_with_secrets(const Plan& plan) {
  const auto stated = [&](const ExecTemplate* exec) {
    return exec != nullptr &&
           std::any_of(plan.secrets.begin(), plan.secrets.end(),
                       [&](const auto& secret) { return exec->env.contains(secret); });
  };
  for (const auto& secret : plan.secrets)
    if (!can_be_secret(secret)) return "'" + secret + "' can't be a secret";
  for (const auto& step : plan.steps)
    if (stated(std::get_if<ExecTemplate>(&step.work)) ||
        stated(step.rollback ? &*step.rollback : nullptr))
      return "step '" + step.id + "': its env has one of the secrets";
  return {};
}

std::string wrong_with_fallbacks(const Plan& plan) {
  std::set<std::uint32_t> seen;
  for (std::uint32_t step = 0; step < plan.steps.size(); ++step) {
    const auto fallback = plan.steps[step].fallback;
    if (!fallback) continue;
    if (*fallback >= plan.steps.size() || *fallback == step || !seen.insert(*fallback).second)
      return "step '" + plan.steps[step].id + "': its fallback can't be one";
  }
  return {};
}

/// Some step is in no level.
bool has_cycle(const Plan& plan) {
  std::size_t reached = 0;
  for (const auto& level : levels_of(plan)) reached += level.size();
  return reached < plan.steps.size();
}

}  // namespace

std::string check(const Plan& plan) {
  if (plan.steps.empty()) return "a plan has at least one step";
  if (plan.steps.size() > max_steps) return "a plan has at most 10,000 steps";
  std::set<std::string> ids;
  for (const auto& step : plan.steps) {
    if (!ids.insert(step.id).second) return "two steps are called '" + step.id + "'";
    for (const auto need : step.needs)
      if (need >= plan.steps.size()) return "step '" + step.id + "' needs a step that is not there";
    if (auto wrong = wrong_with(step); !wrong.empty()) return wrong;
  }
  if (plan.budget.wall < messages::Duration{}) return "a duration is negative";
  if (auto wrong = wrong_with_secrets(plan); !wrong.empty()) return wrong;
  if (auto wrong = wrong_with_fallbacks(plan); !wrong.empty()) return wrong;
  if (const auto conflict = conflict_of_needs(plan); !conflict.empty())
    return "the plan is local, but no worker has " + conflict;
  return has_cycle(plan) ? "the steps need each other in a circle" : "";
}

}  // namespace queenright::roles
