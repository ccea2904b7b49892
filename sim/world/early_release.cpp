#include "sim/world/early_release.hpp"

namespace queenright::sim {
namespace {

using election::Rule;

struct RuleOf {
  std::optional<Rule> operator()(const messages::Grant&) const { return Rule::durable_promise; }
  std::optional<Rule> operator()(const messages::OwnVote&) const { return Rule::durable_vote; }
  std::optional<Rule> operator()(const messages::Appended&) const { return Rule::durable_append; }
  std::optional<Rule> operator()(const messages::Self&) const { return Rule::durable_self; }
  std::optional<Rule> operator()(const messages::SinkAck&) const { return Rule::durable_fence; }
  template <class Other>
  std::optional<Rule> operator()(const Other&) const {
    return std::nullopt;
  }
};

}  // namespace

bool leaves_early(const messages::Effect& effect, const election::Rules& rules) {
  const auto* send = std::get_if<messages::Send>(&effect.body);
  if (send == nullptr) return false;
  for (const auto& item : send->items)
    if (const auto rule = std::visit(RuleOf{}, item); rule && !rules.holds(*rule)) return true;
  return false;
}

}  // namespace queenright::sim
