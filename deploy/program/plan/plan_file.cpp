#include "deploy/program/plan/plan_file.hpp"

#include "deploy/program/document/document.hpp"
#include "deploy/program/document/values.hpp"
#include "deploy/program/plan/plan_check.hpp"
#include "deploy/program/plan/plan_reader.hpp"
#include "messages/near_name.hpp"

namespace queenright::program {
namespace {

using messages::Value;
using Vars = std::map<std::string, Value>;

constexpr DocumentKind plan_kind{"plan", 4U << 20U, true};

/// A text, unless the plan says that the variable is an int or a bool.
void apply_override(const std::string& text, Vars& vars, Problems& problems) {
  const std::string option = "--var " + text;
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos) return problems.error_in_option(option, "write NAME=VALUE");
  const std::string name = text.substr(0, equals);
  const std::string value = text.substr(equals + 1);
  const auto declared = vars.find(name);
  if (declared == vars.end()) {
    std::vector<std::string_view> names;
    for (const auto& [known, ignored] : vars) names.push_back(known);
    return problems.error_in_option(
        option, "the plan has no '" + name + "' in vars" + messages::did_you_mean(name, names));
  }
  if (declared->second.integer() != nullptr) {
    const auto number = integer_of(value);
    if (!number) return problems.error_in_option(option, "'" + name + "' is an int in the plan");
    declared->second = *number;
  } else if (declared->second.boolean() != nullptr) {
    if (value != "true" && value != "false")
      return problems.error_in_option(option, "'" + name + "' is true or false in the plan");
    declared->second = value == "true";
  } else {
    declared->second = value;
  }
}

PlanFile file_of(roles::Plan plan, Findings findings) {
  return {std::move(plan), std::move(findings.errors), std::move(findings.warnings)};
}

/// Reads the root into `plan`.
Interpret interpretation(roles::Plan& plan, const std::vector<std::string>& overrides) {
  return [&](const YamlNode& root, Problems& problems) {
    PlanDraft draft = read_plan_keys(root, problems);
    for (const std::string& text : overrides) apply_override(text, draft.plan.vars, problems);
    check_steps(draft, problems);
    for (StepDraft& step : draft.steps) draft.plan.steps.push_back(std::move(step.step));
    plan = std::move(draft.plan);
  };
}

}  // namespace

PlanFile read_plan(std::string_view bytes, const std::string& file,
                   const std::vector<std::string>& overrides) {
  roles::Plan plan;
  Findings findings = read_document(bytes, file, plan_kind, interpretation(plan, overrides));
  return file_of(std::move(plan), std::move(findings));
}

PlanFile read_plan_file(const std::filesystem::path& path,
                        const std::vector<std::string>& overrides) {
  roles::Plan plan;
  Findings findings = read_document_file(path, plan_kind, interpretation(plan, overrides));
  return file_of(std::move(plan), std::move(findings));
}

}  // namespace queenright::program
