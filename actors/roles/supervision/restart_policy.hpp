#pragma once

#include <string>
#include <vector>

#include "messages/role.hpp"

namespace queenright::roles {

enum class Strategy : std::uint8_t {
  one_for_one,   ///< restart who ended
  rest_for_one,  ///< and those who started after it
  one_for_all    ///< restart everybody
};
constexpr Strategy last_enumerator(Strategy) { return Strategy::one_for_all; }

/// A supervisor's children, in the order in which they start, and how often they may fall.
struct SupervisorSpec {
  static constexpr auto name = "SupervisorSpec";
  Strategy strategy{};
  std::vector<messages::RoleId> children;
  std::uint32_t max_restarts{};
  messages::Duration period{};

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "strategy", self.strategy);
    visit(2, "children", self.children);
    visit(3, "max_restarts", self.max_restarts);
    visit(4, "period", self.period);
  }
};

struct SupervisorState {
  static constexpr auto name = "SupervisorState";
  SupervisorSpec spec;
  std::vector<messages::Instant> restarts;  ///< within the last period

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "spec", self.spec);
    visit(2, "restarts", self.restarts);
  }
};

/// Erlang's supervision as a calculation: which children are brought back when one ends, until
/// there were more than `max_restarts` in `period`; then the node ends with exit 6.
class RestartPolicy : public messages::Role {
 public:
  explicit RestartPolicy(SupervisorState state) : state_(std::move(state)) {}

  void step(messages::Input input, messages::Effects& effects) override;
  std::string snapshot() const override;
  std::string text() const override;

 private:
  std::vector<messages::RoleId> to_restart(messages::RoleId ended) const;

  SupervisorState state_;
};

}  // namespace queenright::roles
