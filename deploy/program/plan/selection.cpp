#include "deploy/program/plan/selection.hpp"

#include <algorithm>
#include <set>
#include <string_view>

#include "actors/roles/plan/expression.hpp"
#include "actors/roles/plan/levels.hpp"
#include "deploy/program/failure.hpp"
#include "messages/near_name.hpp"

namespace queenright::program {

using roles::Plan;
using roles::Step;

namespace {

using Places = std::vector<bool>;  ///< by step

bool has(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool has_any(const std::vector<std::string>& names, const std::vector<std::string>& wanted) {
  return wanted.empty() || std::any_of(wanted.begin(), wanted.end(),
                                       [&](const auto& name) { return has(names, name); });
}

bool fits(const Step& step, const std::string& name, const std::string& value) {
  if (name == "id") return step.id == value;
  if (name == "tag") return has(step.tags, value);
  if (name == "type") return step.type == value;
  if (name == "lifecycle") return step.lifecycle == value;
  if (name == "capability") return has(step.worker.capabilities, value);
  if (name == "region") return step.worker.region == value;
  const auto label = step.worker.labels.find(name);
  return label != step.worker.labels.end() && label->second == value;
}

bool fits(const Step& step, const Selection& selection) {
  const auto& filters = selection.filters;
  return has_any(step.tags, selection.tags) && has_any({step.lifecycle}, selection.lifecycles) &&
         has_any({step.type}, selection.types) &&
         std::all_of(filters.begin(), filters.end(), [&](const std::string& filter) {
           const auto equals = filter.find('=');
           if (equals == std::string::npos || equals == 0)
             throw Failure(ExitCode::usage, "--filter: '" + filter + "' is no name=value");
           return fits(step, filter.substr(0, equals), filter.substr(equals + 1));
         });
}

std::uint32_t place_of(const Plan& plan, const std::string& id, const char* option) {
  std::vector<std::string_view> ids;
  for (std::uint32_t place = 0; place < plan.steps.size(); ++place) {
    if (plan.steps[place].id == id) return place;
    ids.emplace_back(plan.steps[place].id);
  }
  throw Failure(ExitCode::usage, std::string(option) + ": the plan has no step '" + id + "'" +
                                     messages::did_you_mean(id, ids));
}

/// It, and all that it waits for.
Places before(const Plan& plan, std::uint32_t last) {
  const auto waited_for = roles::waited_for(plan);
  Places found(plan.steps.size());
  std::vector<std::uint32_t> next{last};
  while (!next.empty()) {
    const auto step = next.back();
    next.pop_back();
    if (found[step]) continue;
    found[step] = true;
    next.insert(next.end(), waited_for[step].begin(), waited_for[step].end());
  }
  return found;
}

/// It, and all that waits for it.
Places after(const Plan& plan, std::uint32_t first) {
  Places found(plan.steps.size());
  found[first] = true;
  return roles::with_who_waits(plan, std::move(found));
}

void keep_fallbacks(Plan& plan) {
  for (const auto& level : roles::levels_of(plan))  // a fallback comes after its step
    for (const auto step : level)
      if (const auto fallback = plan.steps[step].fallback; fallback && !plan.steps[step].left_out)
        plan.steps[*fallback].left_out = false;
}

void check_uses(const Plan& plan) {
  std::set<std::string_view> left_out;
  for (const auto& step : plan.steps)
    if (step.left_out) left_out.insert(step.id);
  const auto check = [&](const Step& user, const std::string& text) {
    roles::TextError ignored{};
    const auto parsed = roles::Template::parse(text, ignored);
    if (!parsed) return;
    for (const auto& [path, offset] : parsed->references())
      if (path.size() > 1 && path[0] == "steps" && left_out.contains(path[1]))
        throw Failure(ExitCode::usage, "step '" + user.id + "' uses what step '" + path[1] +
                                           "' gives, which is not selected");
  };
  for (const auto& step : plan.steps) {
    if (step.left_out) continue;
    check(step, step.when);
    check(step, step.foreach);
    for (const auto* exec : {std::get_if<roles::ExecTemplate>(&step.work),
                             step.rollback ? &*step.rollback : nullptr}) {
      if (exec == nullptr) continue;
      roles::for_each_template(*exec, [&](const std::string& text) { check(step, text); });
    }
  }
}

}  // namespace

std::vector<std::string> consents_left_out(const Plan& plan) {
  std::vector<std::string> found;
  for (std::uint32_t step = 0; step < plan.steps.size(); ++step) {
    if (!plan.steps[step].left_out || !plan.steps[step].approval) continue;
    const Places waiting = after(plan, step);
    for (std::size_t other = 0; other < waiting.size(); ++other)
      if (waiting[other] && !plan.steps[other].left_out) {
        found.push_back(plan.steps[step].id);
        break;
      }
  }
  return found;
}

void select(Plan& plan, const Selection& selection) {
  for (auto& step : plan.steps) step.left_out = !fits(step, selection);
  const auto keep = [&](const Places& places) {
    for (std::size_t step = 0; step < plan.steps.size(); ++step)
      if (!places[step]) plan.steps[step].left_out = true;
  };
  if (!selection.from.empty()) keep(after(plan, place_of(plan, selection.from, "--from")));
  if (!selection.to.empty()) keep(before(plan, place_of(plan, selection.to, "--to")));
  keep_fallbacks(plan);
  if (std::all_of(plan.steps.begin(), plan.steps.end(), [](const Step& s) { return s.left_out; }))
    throw Failure(ExitCode::usage, "no step of the plan is selected");
  check_uses(plan);
}

}  // namespace queenright::program
