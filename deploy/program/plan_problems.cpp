#include "deploy/program/plan_problems.hpp"

#include <algorithm>
#include <limits>

namespace queenright::program {

std::string text_of(const PlanProblem& problem) {
  std::string text = problem.file + ":";
  if (problem.place.line != 0)
    text += std::to_string(problem.place.line) + ":" + std::to_string(problem.place.column) + ":";
  return text + " " + problem.what;
}

void PlanProblems::error(std::size_t offset, std::string what) {
  if (errors_.size() > most) return;
  add(errors_, {file_, source_.place_of(offset), std::move(what)});
}

void PlanProblems::error_within(const YamlNode& scalar, std::size_t offset, std::string what) {
  if (errors_.size() > most) return;
  const Place place = source_.place_within(scalar.offset, scalar.text, offset);
  add(errors_, {file_, place, std::move(what)});
}

void PlanProblems::error_in_option(std::string option, std::string what) {
  if (errors_.size() <= most) add(errors_, {std::move(option), {}, std::move(what)});
}

void PlanProblems::warning(const YamlNode& node, std::string what) {
  if (warnings_.size() > most) return;
  add(warnings_, {file_, place_of(node), std::move(what)});
}

void PlanProblems::add(std::vector<PlanProblem>& problems, PlanProblem problem) const {
  static constexpr std::size_t behind_all = std::numeric_limits<std::size_t>::max();
  if (problems.size() < most)
    problems.push_back(std::move(problem));
  else
    problems.push_back({file_, {behind_all, 0}, "and more, not shown"});
}

std::vector<PlanProblem> PlanProblems::in_order(std::vector<PlanProblem> problems) {
  std::stable_sort(problems.begin(), problems.end(),
                   [](const auto& a, const auto& b) { return a.place < b.place; });
  if (problems.size() > most) problems.back().place = {};
  return problems;
}

}  // namespace queenright::program
