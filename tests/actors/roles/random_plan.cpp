#include "tests/actors/roles/random_plan.hpp"

#include <rapidcheck.h>

#include <utility>

#include "actors/roles/plan/check.hpp"
#include "tests/actors/roles/plans.hpp"

namespace queenright::roles {
namespace {

std::uint32_t below(std::uint32_t end) { return *rc::gen::inRange<std::uint32_t>(0, end); }

Step random_step(std::uint32_t place, Plan& plan) {
  Needs needs;
  for (std::uint32_t earlier = 0; earlier < place; ++earlier)
    if (below(3) == 2) needs.push_back(earlier);
  const std::string id = "s" + std::to_string(place);
  Step step = below(5) == 4 ? noop(id, needs) : exec(id, needs);
  if (below(3) == 2) {
    step = fan_out(id, "vars.list" + std::to_string(place), 1 + below(3), needs);
    plan.vars["list" + std::to_string(place)] = messages::Value::List(below(6));
  }
  static const std::vector<std::string> conditions{"true", "failed()", "always()", "false"};
  if (below(3) == 2) step = when(step, conditions[below(4)]);
  step.retry.attempts = 1 + below(3);
  step.idempotent = below(2) == 1;
  if (below(4) == 3) step.timeout = std::chrono::seconds{1};
  if (below(8) == 7) step.work = Wait{std::chrono::seconds{below(3)}};
  if (below(8) == 7) step.approval = Approval{{}, std::chrono::seconds{below(9)}, {}};
  if (below(3) == 2) step.rollback = ExecTemplate{{"undo", step.id}, {}, {}, {}, {}};
  return step;
}

/// Some steps stand in for others, where that leads into no circle.
void add_fallbacks(Plan& plan) {
  const auto steps = static_cast<std::uint32_t>(plan.steps.size());
  for (std::uint32_t tries = below(steps); tries > 0; --tries) {
    auto& fallback = plan.steps[below(steps)].fallback;
    const auto before = std::exchange(fallback, below(steps));
    if (!check(plan).empty()) fallback = before;
  }
}

}  // namespace

Plan random_plan() {
  Plan plan = plan_of({});
  const std::uint32_t steps = 1 + below(8);
  for (std::uint32_t place = 0; place < steps; ++place)
    plan.steps.push_back(random_step(place, plan));
  add_fallbacks(plan);
  if (below(4) == 3) plan.budget.wall = std::chrono::seconds{1 + below(20)};
  if (below(4) == 3) plan.budget.attempts = 1 + below(20);
  return plan;
}

Dice::Dice() : numbers_(*rc::gen::arbitrary<std::vector<std::uint32_t>>()) {}

std::uint32_t Dice::roll(std::uint32_t sides) { return over() ? 0 : numbers_[next_++] % sides; }

}  // namespace queenright::roles
