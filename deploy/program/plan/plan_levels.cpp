#include "deploy/program/plan/plan_levels.hpp"

#include <algorithm>

#include "actors/roles/plan/check.hpp"

namespace queenright::program {

std::vector<std::vector<std::uint32_t>> levels_of(const roles::Plan& plan) {
  const auto needs = roles::waited_for(plan);
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

}  // namespace queenright::program
