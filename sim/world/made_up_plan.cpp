#include "sim/world/made_up_plan.hpp"

#include <array>
#include <chrono>
#include <string>
#include <utility>

namespace queenright::sim {

using roles::Plan;
using roles::Step;

namespace {

constexpr std::array conditions{"${{ true }}", "${{ failed() }}", "${{ always() }}",
                                "${{ false }}"};

Step made_up_step(Chance& chance, std::uint32_t place, Plan& plan) {
  Step step;
  step.id = "s" + std::to_string(place);
  for (std::uint32_t earlier = 0; earlier < place; ++earlier)
    if (chance.permille(330)) step.needs.push_back(earlier);
  if (chance.permille(750)) step.work = roles::ExecTemplate{{"do", step.id}, {}, {}, {}, {}};
  if (chance.permille(250)) {
    const std::string list = "list" + std::to_string(place);
    plan.vars[list] = messages::Value::List(chance.below(5));
    step.foreach = "${{ vars." + list + " }}";
  }
  if (chance.permille(250)) step.when = conditions[chance.below(conditions.size())];
  step.max_parallel = static_cast<std::uint32_t>(1 + chance.below(3));
  step.timeout = chance.between(std::chrono::milliseconds{500}, std::chrono::seconds{10});
  step.retry = {static_cast<std::uint32_t>(1 + chance.below(3)), std::chrono::milliseconds{200},
                std::chrono::seconds{5}};
  step.idempotent = chance.permille(500);
  return step;
}

}  // namespace

Plan made_up_plan(Chance& chance) {
  Plan plan;
  plan.title = "made-up";
  const auto steps = static_cast<std::uint32_t>(1 + chance.below(6));
  for (std::uint32_t place = 0; place < steps; ++place)
    plan.steps.push_back(made_up_step(chance, place, plan));
  return plan;
}

Plan plain_plan() {
  Step step;
  step.id = "only";
  step.max_parallel = 1;
  step.retry.attempts = 3;
  step.idempotent = true;
  Plan plan;
  plan.title = "plain";
  plan.steps.push_back(std::move(step));
  return plan;
}

}  // namespace queenright::sim
