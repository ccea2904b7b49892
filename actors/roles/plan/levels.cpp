#include "actors/roles/plan/levels.hpp"

#include <algorithm>
#include <utility>

namespace queenright::roles {

std::vector<Steps> waited_for(const Plan& plan) {
  std::vector<Steps> needs;
  std::vector<std::optional<std::uint32_t>> fallbacks;
  for (const auto& step : plan.steps) {
    needs.push_back(step.needs);
    fallbacks.push_back(step.fallback);
  }
  return waited_for(std::move(needs), fallbacks);
}

std::vector<Steps> waited_for(std::vector<Steps> needs,
                              const std::vector<std::optional<std::uint32_t>>& fallbacks) {
  for (auto& waits : needs) {
    const Steps stated = waits;
    for (const auto need : stated) {
      std::size_t links = 0;  // a circle of them ends, too
      for (auto next = fallbacks[need]; next && ++links <= fallbacks.size();
           next = fallbacks[*next])
        waits.push_back(*next);
    }
  }
  for (std::uint32_t step = 0; step < needs.size(); ++step)
    if (fallbacks[step]) needs[*fallbacks[step]].push_back(step);
  return needs;
}

std::vector<bool> with_who_waits(const Plan& plan, std::vector<bool> steps) {
  const auto waits = waited_for(plan);
  for (const auto& level : levels_of(plan))
    for (const auto step : level)
      if (std::any_of(waits[step].begin(), waits[step].end(),
                      [&](std::uint32_t need) { return steps[need]; }))
        steps[step] = true;
  return steps;
}

std::vector<Steps> levels_of(const Plan& plan) {
  const auto needs = waited_for(plan);
  std::vector<Steps> dependents(needs.size());
  std::vector<std::size_t> unmet(needs.size());
  std::vector<Steps> levels(1);
  for (std::uint32_t step = 0; step < needs.size(); ++step) {
    unmet[step] = needs[step].size();
    if (unmet[step] == 0) levels.back().push_back(step);
    for (const auto need : needs[step]) dependents[need].push_back(step);
  }
  while (!levels.back().empty()) {
    Steps next;
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
