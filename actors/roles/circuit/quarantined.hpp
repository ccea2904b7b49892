#pragma once

#include <string>

#include "messages/role.hpp"

namespace queenright::roles {

struct QuarantinedState {
  static constexpr auto name = "QuarantinedState";
  messages::CircuitId circuit;
  std::string reason;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "circuit", self.circuit);
    visit(2, "reason", self.reason);
  }
};

/// Stands in the place of a circuit that broke an invariant, on every queen alike (DESIGN's
/// quarantine): refuses every command with the reason and wants no more.
class QuarantinedCircuit : public messages::Role {
 public:
  static constexpr char snapshot_mark = 'Q';

  explicit QuarantinedCircuit(QuarantinedState state) : state_(std::move(state)) {}

  void step(messages::Input input, messages::Effects& effects) override;
  std::string snapshot() const override;
  std::string text() const override;
  const QuarantinedState& state() const { return state_; }

 private:
  messages::Applied answer() const;

  QuarantinedState state_;
};

}  // namespace queenright::roles
