#include "actors/roles/circuit/outlook.hpp"

#include <map>
#include <utility>

#include "actors/roles/plan/levels.hpp"
#include "actors/roles/plan/need.hpp"

namespace queenright::roles {

using messages::Address;

namespace {

class Outlook {
 public:
  Outlook(const Plan& plan, const std::vector<KnownWorker>& workers)
      : plan_(plan), workers_(workers), ran_on_(plan.steps.size()) {}

  void begin_level() { given_.clear(); }

  StepOutlook step(std::uint32_t place) {
    const Step& planned = plan_.steps[place];
    StepOutlook made{place, !std::holds_alternative<Wait>(planned.work), {}};
    if (!made.needs_worker) return made;
    const auto need = need_of(plan_, place);
    std::vector<Candidate> candidates;
    for (const auto& worker : workers_) candidates.push_back({worker, given_[worker.told.worker]});
    const bool takes_slot = std::holds_alternative<ExecTemplate>(planned.work);
    made.placement =
        roles::place({{}, {place + 1}, need, plan_.mode, near(planned), takes_slot}, candidates);
    if (!made.placement.worker) return made;
    ran_on_[place] = made.placement.worker;
    if (!home_) home_ = made.placement.worker;
    given_[*made.placement.worker] += takes_slot ? 1 : 0;
    return made;
  }

 private:
  /// The worker that its circuit would like best.
  std::optional<Address> near(const Step& planned) const {
    if (plan_.mode == PlanMode::distributed) return std::nullopt;
    if (plan_.mode == PlanMode::hybrid)
      for (const auto need : planned.needs)
        if (ran_on_[need]) return ran_on_[need];
    return home_;
  }

  const Plan& plan_;
  const std::vector<KnownWorker>& workers_;
  std::vector<std::optional<Address>> ran_on_;  ///< by step
  std::optional<Address> home_;                 ///< the first one that got something
  std::map<Address, std::uint32_t> given_;      ///< in this level
};

}  // namespace

std::vector<std::vector<StepOutlook>> outlook(const Plan& plan,
                                              const std::vector<KnownWorker>& workers) {
  Outlook made(plan, workers);
  std::vector<std::vector<StepOutlook>> levels;
  for (const auto& level : levels_of(plan)) {
    made.begin_level();
    std::vector<StepOutlook> steps;
    for (const auto step : level)
      if (!plan.steps[step].left_out) steps.push_back(made.step(step));
    if (!steps.empty()) levels.push_back(std::move(steps));
  }
  return levels;
}

}  // namespace queenright::roles
