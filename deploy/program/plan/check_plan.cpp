#include "deploy/program/plan/check_plan.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "actors/roles/plan/levels.hpp"
#include "deploy/program/columns.hpp"
#include "deploy/program/document/refuse_errors.hpp"
#include "deploy/program/formats.hpp"
#include "deploy/program/plan/plan_file.hpp"
#include "deploy/program/say.hpp"

namespace queenright::program {

using messages::Value;

namespace {

constexpr std::size_t most_names = 8;  // of a level, for people

Value problems_value(const std::vector<Problem>& problems) {
  Value::List list;
  for (const auto& problem : problems)
    list.push_back(Value::Map{{"file", problem.file},
                              {"line", static_cast<std::int64_t>(problem.place.line)},
                              {"column", static_cast<std::int64_t>(problem.place.column)},
                              {"message", problem.what}});
  return list;
}

Value levels_value(const roles::Plan& plan) {
  Value::List levels;
  for (const auto& level : roles::levels_of(plan)) {
    Value::List names;
    for (const auto step : level) names.emplace_back(plan.steps[step].id);
    levels.emplace_back(std::move(names));
  }
  return levels;
}

std::string levels_text(const roles::Plan& plan) {
  std::string text;
  const auto levels = roles::levels_of(plan);
  for (std::size_t i = 0; i < levels.size(); ++i) {
    std::string names;
    for (std::size_t n = 0; n < std::min(levels[i].size(), most_names); ++n)
      names += (n == 0 ? "" : ", ") + plan.steps[levels[i][n]].id;
    if (levels[i].size() > most_names) names += ", ...";
    text += fmt::format("  {:>5}  {:>5} wide  {}", i + 1, levels[i].size(), last_cell(names, 21));
  }
  return text;
}

}  // namespace

ExitCode check_plan(const std::filesystem::path& path, const std::vector<std::string>& variables,
                    const std::string& output) {
  const auto file = read_plan_file(path, variables);
  const Format format = format_of(output);
  if (format != Format::human) {
    const bool sound = file.errors.empty();
    fmt::print(
        "{}",
        formatted(Value::Map{{"plan", file.plan.title},
                             {"steps", static_cast<std::int64_t>(file.plan.steps.size())},
                             {"levels", sound ? levels_value(file.plan) : Value(Value::List{})},
                             {"errors", problems_value(file.errors)},
                             {"warnings", problems_value(file.warnings)}},
                  format));
  }
  for (const auto& warning : file.warnings) say("{}: warning\n", printable(text_of(warning)));
  refuse_errors(file.errors, "the plan");
  if (format == Format::human)
    fmt::print("{}{}",
               folded(fmt::format(
                          "{}: nothing wrong; {} step{}, one level after the other:", path.string(),
                          file.plan.steps.size(), file.plan.steps.size() == 1 ? "" : "s"),
                      "", path.string().size() + 1),
               levels_text(file.plan));
  return ExitCode::success;
}

}  // namespace queenright::program
