#include "deploy/program/plan/plan_check.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "actors/roles/plan/levels.hpp"
#include "deploy/program/plan/needs_graph.hpp"
#include "messages/near_name.hpp"

namespace queenright::program {
namespace {

using Path = std::vector<std::string>;

class StepCheck {
 public:
  StepCheck(PlanDraft& draft, Problems& problems) : draft_(draft), problems_(problems) {
    for (const auto& [name, value] : draft.plan.vars) var_names_.push_back(name);
  }

  void run() {
    index_ids();
    const NeedsGraph graph(with_fallbacks(resolve_needs()));
    for (const auto& cycle : graph.cycles()) name_cycle(cycle);
    for (const auto& step : draft_.steps) check_secrets(step);
    for (std::uint32_t step = 0; step < draft_.steps.size(); ++step)
      for (const Use& use : draft_.steps[step].uses) check_use(use, step, graph);
  }

 private:
  void index_ids() {
    for (std::uint32_t place = 0; place < draft_.steps.size(); ++place) {
      const StepDraft& step = draft_.steps[place];
      if (step.id == nullptr) continue;
      const auto [first, fresh] = places_.emplace(step.step.id, place);
      if (fresh) {
        step_ids_.push_back(step.step.id);
        continue;
      }
      problems_.error_given_twice(*step.id, "the id " + in_quotes(step.step.id),
                                  *draft_.steps[first->second].id);
    }
  }

  std::vector<roles::Steps> resolve_needs() {
    std::vector<roles::Steps> all(draft_.steps.size());
    for (std::uint32_t place = 0; place < draft_.steps.size(); ++place) {
      for (const YamlNode* need : draft_.steps[place].needs) add_need(*need, place, all[place]);
      draft_.steps[place].step.needs = all[place];
    }
    return all;
  }

  void add_need(const YamlNode& need, std::uint32_t step, std::vector<std::uint32_t>& needs) {
    const auto found = places_.find(need.text);
    if (found == places_.end())
      return problems_.error(need, "needs " + in_quotes(need.text) + ", but there is no such step" +
                                       advice(need.text, step_ids_));
    if (found->second == step)
      return problems_.error(need, "step " + in_quotes(need.text) + " needs itself");
    if (std::find(needs.begin(), needs.end(), found->second) == needs.end())
      needs.push_back(found->second);
  }

  /// A fallback is considered after the step it stands in for, and what needs that, after both.
  std::vector<roles::Steps> with_fallbacks(std::vector<roles::Steps> needs) {
    std::map<std::uint32_t, std::uint32_t> originals;  // by fallback
    std::vector<std::optional<std::uint32_t>> fallbacks;
    for (std::uint32_t step = 0; step < draft_.steps.size(); ++step) {
      if (draft_.steps[step].fallback != nullptr) resolve_fallback(step, originals);
      fallbacks.push_back(draft_.steps[step].step.fallback);
    }
    return roles::waited_for(std::move(needs), fallbacks);
  }

  void resolve_fallback(std::uint32_t step, std::map<std::uint32_t, std::uint32_t>& originals) {
    const YamlNode& name = *draft_.steps[step].fallback;
    const auto found = places_.find(name.text);
    if (found == places_.end())
      return problems_.error(name, "the fallback is " + in_quotes(name.text) +
                                       ", but there is no such step" +
                                       advice(name.text, step_ids_));
    const auto fallback = found->second;
    const auto& needed = draft_.steps[fallback].step.needs;
    if (fallback == step)
      return problems_.error(name, "step " + in_quotes(name.text) + " is its own fallback");
    if (std::find(needed.begin(), needed.end(), step) != needed.end())
      return problems_.error(name, "step " + in_quotes(name.text) +
                                       " needs the step that it is to "
                                       "stand in for, and that one has failed then");
    const auto [first, fresh] = originals.emplace(fallback, step);
    if (!fresh)
      return problems_.error(name, in_quotes(name.text) + " is the fallback of step " +
                                       in_quotes(draft_.steps[first->second].step.id) + " already");
    draft_.steps[step].step.fallback = fallback;
  }

  std::string advice(std::string_view name, std::span<const std::string_view> names) const {
    return problems_.few() ? messages::did_you_mean(name, names) : "";
  }

  void name_cycle(const std::vector<std::uint32_t>& cycle) {
    static constexpr std::size_t named = 20;
    std::string circle;
    for (std::size_t i = 0; i < std::min(cycle.size(), named); ++i)
      circle += draft_.steps[cycle[i]].step.id + " -> ";
    if (cycle.size() > named) circle += "(" + std::to_string(cycle.size() - named) + " more) -> ";
    const StepDraft& first = draft_.steps[cycle.front()];
    problems_.error(*first.id,
                    "these steps need each other in a circle: " + circle + first.step.id);
  }

  void check_secrets(const StepDraft& step) {
    const auto check = [&](const roles::ExecTemplate& exec) {
      for (const auto& secret : draft_.plan.secrets)
        if (exec.env.contains(secret) && step.id != nullptr)
          problems_.error(*step.id, "the env of step " + in_quotes(step.step.id) + " has " +
                                        in_quotes(secret) +
                                        ", which is a secret that it gets in any case");
    };
    if (const auto* exec = std::get_if<roles::ExecTemplate>(&step.step.work)) check(*exec);
    if (step.step.rollback) check(*step.step.rollback);
  }

  void check_use(const Use& use, std::uint32_t step, const NeedsGraph& graph) {
    const Path& path = use.reference.path;
    if (path[0] == "vars") return check_var(use);
    if (path[0] == "steps") return check_step(use, step, graph);
    if (path[0] == "item" || path[0] == "index") return check_element(use, step);
    static constexpr std::array<std::string_view, 4> roots{"vars", "steps", "item", "index"};
    const bool is_var = draft_.plan.vars.contains(path[0]);
    refuse(use, "there is no " + in_quotes(path[0]) + "; " +
                    (is_var ? "did you mean vars." + path[0] + "?"
                            : "names begin with vars, steps, item or index" +
                                  messages::did_you_mean(path[0], roots)));
  }

  void check_var(const Use& use) {
    const Path& path = use.reference.path;
    if (path.size() < 2) return refuse(use, "name one of the vars: vars.NAME");
    if (draft_.plan.vars.contains(path[1])) return;
    refuse(use, "there is no " + in_quotes(path[1]) + " in vars" + advice(path[1], var_names_));
  }

  void check_element(const Use& use, std::uint32_t step) {
    const std::string& name = use.reference.path[0];
    if (draft_.steps[step].step.foreach.empty())
      refuse(use, in_quotes(name) + " is for steps with 'foreach'");
    else if (use.moment == Moment::step)
      refuse(use,
             in_quotes(name) + " has no meaning here: this is decided once for the whole step");
  }

  void check_step(const Use& use, std::uint32_t step, const NeedsGraph& graph) {
    const Path& path = use.reference.path;
    if (path.size() < 2) return refuse(use, "name a step: steps.ID.output");
    const auto found = places_.find(path[1]);
    if (found == places_.end())
      return refuse(use, "there is no step " + in_quotes(path[1]) + hyphen_advice(path[1]));
    const bool own = found->second == step;
    if (own && use.moment != Moment::rollback)
      return refuse(use, "step " + in_quotes(path[1]) + " can't use what it gives itself");
    const bool many = !draft_.steps[found->second].step.foreach.empty();
    const std::string wanted = many ? "outputs" : "output";
    if (path.size() < 3 || path[2] != wanted)
      return refuse(use, "of step " + in_quotes(path[1]) + " there is " + wanted +
                             (many ? ", a list, since it has 'foreach'" : ""));
    if (!own && !graph.relies_on(step, found->second))
      refuse(use, "step " + in_quotes(path[1]) + " may not have run by then: put it in 'needs'");
  }

  /// `steps.keep-local.output` is a subtraction.
  std::string hyphen_advice(const std::string& id) const {
    const auto longer = places_.lower_bound(id + "-");
    if (longer != places_.end() && longer->first.starts_with(id + "-"))
      return "; write an id with '-' as steps[\"" + longer->first + "\"]";
    return advice(id, step_ids_);
  }

  void refuse(const Use& use, std::string what) {
    problems_.error_within(*use.scalar, use.reference.offset, std::move(what));
  }

  PlanDraft& draft_;
  Problems& problems_;
  std::map<std::string, std::uint32_t, std::less<>> places_;
  std::vector<std::string_view> step_ids_;
  std::vector<std::string_view> var_names_;
};

}  // namespace

void check_steps(PlanDraft& draft, Problems& problems) { StepCheck(draft, problems).run(); }

}  // namespace queenright::program
