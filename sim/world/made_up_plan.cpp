#include "sim/world/made_up_plan.hpp"

#include <array>
#include <chrono>
#include <string>
#include <utility>

#include "actors/roles/plan/check.hpp"

namespace queenright::sim {

using roles::Plan;
using roles::Step;

namespace {

constexpr std::array conditions{"${{ true }}", "${{ failed() }}", "${{ always() }}",
                                "${{ false }}"};

/// Each can be had together with all others.
messages::WorkerNeed made_up_need(Chance& chance) {
  messages::WorkerNeed need;
  if (chance.permille(300)) need.capabilities = {"gpu"};
  if (chance.permille(300)) need.labels = {{"zone", "a"}};
  if (chance.permille(300)) need.trust = static_cast<std::uint32_t>(1 + chance.below(2));
  if (chance.permille(300)) need.region = "eu";
  if (chance.permille(10)) need.capabilities.emplace_back("levitation");  // nobody has it
  return need;
}

/// For how long a person may think; zero: for ever.
messages::Duration asked_for(Chance& chance) {
  return chance.permille(500) ? chance.up_to(std::chrono::seconds{10}) : messages::Duration{};
}

Step made_up_step(Chance& chance, std::uint32_t place, Plan& plan) {
  Step step;
  step.id = "s" + std::to_string(place);
  for (std::uint32_t earlier = 0; earlier < place; ++earlier)
    if (chance.permille(330)) step.needs.push_back(earlier);
  if (chance.permille(750)) {
    roles::ExecTemplate work{{"do", step.id}, {}, {}, {}, {}};
    if (chance.permille(300)) work.artifacts = {"made-by-" + step.id};
    step.work = std::move(work);
  }
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
  if (chance.permille(80)) step.work = roles::Wait{chance.up_to(std::chrono::seconds{2})};
  if (chance.permille(200)) step.rollback = roles::ExecTemplate{{"undo", step.id}, {}, {}, {}, {}};
  if (chance.permille(50)) step.approval = roles::Approval{{}, asked_for(chance), {}};
  step.left_out = chance.permille(30);
  return step;
}

/// Some steps stand in for others, where that leads into no circle.
void add_fallback(Chance& chance, Plan& plan) {
  const auto steps = plan.steps.size();
  auto& fallback = plan.steps[chance.below(steps)].fallback;
  fallback = static_cast<std::uint32_t>(chance.below(steps));
  if (!roles::check(plan).empty()) fallback.reset();
}

}  // namespace

Plan made_up_plan(Chance& chance, bool choosy) {
  Plan plan;
  plan.title = "made-up";
  const auto steps = static_cast<std::uint32_t>(1 + chance.below(6));
  for (std::uint32_t place = 0; place < steps; ++place)
    plan.steps.push_back(made_up_step(chance, place, plan));
  while (chance.permille(300)) add_fallback(chance, plan);
  if (chance.permille(100)) plan.budget.attempts = 1 + chance.below(20);
  if (chance.permille(100))
    plan.budget.wall = chance.between(std::chrono::seconds{2}, std::chrono::seconds{20});
  if (!choosy) return plan;
  for (auto& step : plan.steps)
    if (chance.permille(400)) step.worker = made_up_need(chance);
  if (chance.permille(400))
    plan.mode = chance.permille(500) ? roles::PlanMode::local : roles::PlanMode::distributed;
  return plan;
}

Plan plain_plan(const PlainWork& work) {
  Step step;
  step.id = "only";
  if (work.runs != messages::Duration{})
    step.work = roles::ExecTemplate{
        {"sleep", std::to_string(work.runs.count())}, {}, {}, {}, messages::OutputMode::none};
  step.max_parallel = 1;
  step.retry.attempts = 3;
  step.idempotent = work.idempotent;
  Plan plan;
  plan.title = "plain";
  plan.steps.push_back(std::move(step));
  return plan;
}

}  // namespace queenright::sim
