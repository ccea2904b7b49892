#include "deploy/program/plan/plan_reader.hpp"

#include <algorithm>
#include <array>

#include "actors/roles/plan/names.hpp"
#include "actors/roles/plan/need.hpp"
#include "deploy/program/document/values.hpp"
#include "deploy/program/plan/step_reader.hpp"
#include "messages/near_name.hpp"

namespace queenright::program {
namespace {

using messages::Value;

constexpr std::size_t max_steps = 10'000;
constexpr std::size_t max_secrets = 100;
constexpr std::array<std::string_view, 8> plan_keys{"plan",     "description", "mode",  "vars",
                                                    "defaults", "budget",      "steps", "secrets"};
constexpr std::array<std::string_view, 2> budget_keys{"wall", "attempts"};
constexpr std::uint32_t most_attempts_of_budget = 1'000'000'000;
constexpr std::array<std::string_view, 3> modes{"hybrid", "local", "distributed"};
constexpr std::array<std::string_view, 2> default_keys{"timeout", "retry"};

void warn_of_expressions(const YamlNode& node, Problems& problems) {
  if (node.is_scalar() && node.text.find("${{") != std::string::npos)
    problems.warning(node, "expressions in vars are not evaluated: this stays as it is");
  for (const YamlNode& part : node.parts) warn_of_expressions(part, problems);
}

std::map<std::string, Value> read_vars(const YamlNode& node, Problems& problems) {
  std::map<std::string, Value> vars;
  if (node.kind == YamlNode::Kind::null) return vars;
  if (node.kind != YamlNode::Kind::map) {
    problems.error(node, "vars is a map of names and values, not " + std::string(kind_name(node)));
    return vars;
  }
  node.entries([&](const YamlNode& name, const YamlNode& value) {
    if (!roles::is_variable(name.text))
      problems.error(name, "'" + name.text.substr(0, 60) +
                               "' can't name a variable: write letters, digits and '_', no digit "
                               "first");
    warn_of_expressions(value, problems);
    vars.emplace(name.text, value_of(value));
  });
  return vars;
}

StepDefaults read_defaults(const YamlNode& node, Problems& problems) {
  StepDefaults defaults;
  const Keys keys(node, "defaults", default_keys, {}, problems);
  if (const auto* timeout = keys.find("timeout"))
    defaults.timeout = read_timeout(*timeout, problems).value_or(messages::Duration{});
  if (const auto* retry = keys.find("retry"))
    defaults.retry = read_retry(*retry, defaults.retry, problems);
  return defaults;
}

roles::RunBudget read_budget(const YamlNode& node, Problems& problems) {
  roles::RunBudget budget;
  const Keys keys(node, "budget", budget_keys, {}, problems);
  if (const auto* wall = keys.find("wall")) {
    budget.wall = ValueReader(problems).duration(*wall, "wall").value_or(messages::Duration{1});
    if (budget.wall == messages::Duration{})
      problems.error(*wall, "wall must be more than nothing");
  }
  if (const auto* attempts = keys.find("attempts"))
    budget.attempts =
        ValueReader(problems).count(*attempts, "attempts", most_attempts_of_budget).value_or(1);
  return budget;
}

std::vector<std::string> read_secrets(const YamlNode& node, Problems& problems) {
  std::vector<std::string> secrets;
  if (node.kind != YamlNode::Kind::list || node.parts.size() > max_secrets) {
    problems.error(node, "secrets is a list of at most 100 names of variables, such as [TOKEN]");
    return secrets;
  }
  for (const YamlNode& part : node.parts) {
    const auto name = ValueReader(problems).text(part, "the name of a variable");
    if (!name) continue;
    if (std::find(secrets.begin(), secrets.end(), *name) != secrets.end())
      problems.error(part, in_quotes(*name) + " is named twice");
    else if (!roles::is_variable(*name))
      problems.error(part, in_quotes(*name) +
                               " can't name a variable; only names stand here, the "
                               "values are in the environments of the workers");
    else if (!roles::can_be_secret(*name))
      problems.error(part, in_quotes(*name) + " is no secret: each program gets it");
    else
      secrets.push_back(*name);
  }
  return secrets;
}

std::vector<StepDraft> read_steps(const YamlNode& node, const StepDefaults& defaults,
                                  Problems& problems) {
  std::vector<StepDraft> steps;
  if (node.kind != YamlNode::Kind::list) {
    problems.error(node, "steps is a list, not " + std::string(kind_name(node)));
    return steps;
  }
  if (node.parts.empty()) problems.error(node, "a plan has at least one step");
  if (node.parts.size() > max_steps) {
    problems.error(node.parts[max_steps], "step 10,001; a plan has at most 10,000 steps");
    return steps;
  }
  steps.reserve(node.parts.size());
  for (const YamlNode& step : node.parts) steps.push_back(read_step(step, defaults, problems));
  return steps;
}

roles::PlanMode read_mode(const YamlNode& node, Problems& problems) {
  const auto mode = std::find(modes.begin(), modes.end(), std::string_view(node.text));
  if (node.is_scalar() && mode != modes.end())
    return static_cast<roles::PlanMode>(mode - modes.begin());
  problems.error(node,
                 "mode is hybrid, local or distributed" + messages::did_you_mean(node.text, modes));
  return {};
}

/// One worker runs all steps of a local plan.
void check_shared_worker(const PlanDraft& draft, const YamlNode& mode, Problems& problems) {
  roles::Plan plan;
  plan.mode = draft.plan.mode;
  for (const auto& step : draft.steps) plan.steps.push_back(step.step);
  if (const auto conflict = roles::conflict_of_needs(plan); !conflict.empty())
    problems.error(mode, "all steps of a local plan run on one worker, and none has " + conflict);
}

}  // namespace

PlanDraft read_plan_keys(const YamlNode& root, Problems& problems) {
  PlanDraft draft;
  const ValueReader reader(problems);
  const Keys keys(root, "a plan", plan_keys, {}, problems);
  if (root.kind != YamlNode::Kind::map) return draft;
  if (const auto* title = keys.require("plan", "the plan's name"))
    draft.plan.title = reader.name(*title, "the name of a plan").value_or("");
  if (const auto* description = keys.find("description"))
    draft.plan.description = reader.text(*description, "description").value_or("");
  if (const auto* vars = keys.find("vars")) draft.plan.vars = read_vars(*vars, problems);
  StepDefaults defaults;
  if (const auto* node = keys.find("defaults")) defaults = read_defaults(*node, problems);
  if (const auto* budget = keys.find("budget")) draft.plan.budget = read_budget(*budget, problems);
  if (const auto* secrets = keys.find("secrets"))
    draft.plan.secrets = read_secrets(*secrets, problems);
  if (const auto* steps = keys.require("steps", "a list of what to do"))
    draft.steps = read_steps(*steps, defaults, problems);
  if (const auto* mode = keys.find("mode")) {
    draft.plan.mode = read_mode(*mode, problems);
    check_shared_worker(draft, *mode, problems);
  }
  return draft;
}

}  // namespace queenright::program
