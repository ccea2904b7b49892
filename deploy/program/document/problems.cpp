#include "deploy/program/document/problems.hpp"

#include <algorithm>
#include <limits>

namespace queenright::program {

std::string text_of(const Problem& problem) {
  std::string text = problem.file + ":";
  if (problem.place.line != 0)
    text += std::to_string(problem.place.line) + ":" + std::to_string(problem.place.column) + ":";
  return text + " " + problem.what;
}

std::string in_quotes(std::string_view text) {
  static constexpr std::size_t shown = 60;
  return "'" + std::string(text.substr(0, shown)) + (text.size() > shown ? "...'" : "'");
}

void Problems::error(std::size_t offset, std::string what) {
  if (errors_.size() > most) return;
  add(errors_, {file_, source_.place_of(offset), std::move(what)});
}

void Problems::error_within(const YamlNode& scalar, std::size_t offset, std::string what) {
  if (errors_.size() > most) return;
  const Place place = source_.place_within(scalar.offset, scalar.text, offset);
  add(errors_, {file_, place, std::move(what)});
}

void Problems::error_given_twice(const YamlNode& node, const std::string& what,
                                 const YamlNode& first) {
  const Place place = place_of(first);
  error(node, what + " was already given at " + std::to_string(place.line) + ":" +
                  std::to_string(place.column));
}

void Problems::error_in_option(std::string option, std::string what) {
  if (errors_.size() <= most) add(errors_, {std::move(option), {}, std::move(what)});
}

void Problems::warning(const YamlNode& node, std::string what) {
  if (warnings_.size() > most) return;
  add(warnings_, {file_, place_of(node), std::move(what)});
}

void Problems::add(std::vector<Problem>& problems, Problem problem) const {
  static constexpr std::size_t behind_all = std::numeric_limits<std::size_t>::max();
  if (problems.size() < most)
    problems.push_back(std::move(problem));
  else
    problems.push_back({file_, {behind_all, 0}, "and more, not shown"});
}

std::vector<Problem> Problems::in_order(std::vector<Problem> problems) {
  std::stable_sort(problems.begin(), problems.end(),
                   [](const auto& a, const auto& b) { return a.place < b.place; });
  if (problems.size() > most) problems.back().place = {};
  return problems;
}

}  // namespace queenright::program
