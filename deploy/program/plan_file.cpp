#include "deploy/program/plan_file.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>

#include "deploy/program/plan_check.hpp"
#include "deploy/program/plan_reader.hpp"
#include "deploy/program/plan_values.hpp"
#include "messages/near_name.hpp"

namespace queenright::program {
namespace {

using messages::Value;
using Vars = std::map<std::string, Value>;

constexpr std::size_t max_bytes = 4U << 20U;
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

/// A text, unless the plan says that the variable is an int or a bool.
void apply_override(const std::string& text, Vars& vars, PlanProblems& problems) {
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

roles::Plan interpret(const SourceText& source, const std::vector<std::string>& overrides,
                      PlanProblems& problems) {
  const auto root = read_yaml(source, problems);
  if (!root || root->kind == YamlNode::Kind::null) {
    if (problems.none()) problems.error(0, "there is no plan in this file");
    return {};
  }
  PlanDraft draft = read_plan_keys(*root, problems);
  for (const std::string& text : overrides) apply_override(text, draft.plan.vars, problems);
  check_steps(draft, problems);
  for (StepDraft& step : draft.steps) draft.plan.steps.push_back(std::move(step.step));
  return std::move(draft.plan);
}

PlanFile refused(const std::string& file, std::string what) {
  PlanFile reading;
  reading.errors.push_back({file, {}, std::move(what)});
  return reading;
}

}  // namespace

PlanFile read_plan(std::string_view bytes, const std::string& file,
                   const std::vector<std::string>& overrides) {
  if (bytes.size() > max_bytes) return refused(file, "a plan has at most 4 MiB");
  if (bytes.starts_with(byte_order_mark)) bytes.remove_prefix(byte_order_mark.size());
  const SourceText source(bytes);
  PlanProblems problems(file, source);
  PlanFile reading;
  reading.plan = interpret(source, overrides, problems);
  reading.errors = problems.take_errors();
  reading.warnings = problems.take_warnings();
  return reading;
}

PlanFile read_plan_file(const std::filesystem::path& path,
                        const std::vector<std::string>& overrides) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored))
    return refused(path.string(), "this is a directory");
  std::ifstream in(path, std::ios::binary);
  if (!in) return refused(path.string(), std::string("can't be opened: ") + std::strerror(errno));
  std::string bytes(max_bytes + 1, '\0');
  in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (in.bad())
    return refused(path.string(), std::string("can't be read: ") + std::strerror(errno));
  bytes.resize(static_cast<std::size_t>(in.gcount()));
  return read_plan(bytes, path.string(), overrides);
}

}  // namespace queenright::program
