#include "actors/roles/plan/levels.hpp"

#include <algorithm>

namespace queenright::roles {

std::vector<std::vector<std::uint32_t>> waited_for(const Plan& plan) {
  std::vector<std::vector<std::uint32_t>> all(plan.steps.size());
  for (std::uint32_t step = 0; step < plan.steps.size(); ++step) {
    for (const auto need : plan.steps[step].needs) {
      all[step].push_back(need);
      if (const auto fallback = plan.steps[need].fallback) all[step].push_back(*fallback);
    }
    if (const auto fallback = plan.steps[step].fallback) all[*fallback].push_back(step);
  }
  return all;
}

std::vector<std::vector<std::uint32_t>> levels_of(const Plan& plan) {
  const auto needs = waited_for(plan);
  std::vector<std::vector<std::uint32_t>> dependents(needs.size());
  std::vector<std::size_t> unmet(needs.size());
  std::vector<std::vector<std::uint32_t>> levels(1);
  for (std::uint32_t step = 0; step < needs.size(); ++step) {
    unmet[step] = needs[step].size();
    if (unmet[step] == 0) levels.back().push_back(step);
    for (const auto need : needs[step]) dependents[need].push_back(step);
  }
  while (!levels.back().empty()) {
    std::vector<std::uint32_t> next;
    for (const auto step : levels.back())
      for (const auto dependent : dependents[step])
        if (--unmet[dependent] == 0) next.push_back(dependent);
    std::sort(next.begin(), next.end());
    levels.push_back(std::move(next));
  }
  levels.pop_back();
  return levels;
}

}  // namespace queenright::roles
