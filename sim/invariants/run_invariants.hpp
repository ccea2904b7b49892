#pragma once

#include <set>

#include "actors/roles/circuit/circuit.hpp"
#include "sim/invariants/watch.hpp"

namespace queenright::sim {

/// What docs/plan.md promises of runs, with each entry that a circuit applies: steps begin after
/// what they need, as many tasks at once as their window has, no more attempts than the budget;
/// what is undone is undone in reverse order, once, and never of a run that has succeeded.
class RunInvariants : public Invariants {
 public:
  void turned(const Turned& turn) override;

 private:
  void in_order(const Turned& turn, const roles::CircuitState& state);
  void within_window(const Turned& turn, const roles::CircuitState& state);
  void within_budget(const Turned& turn, const roles::CircuitState& state);
  void undone(const Turned& turn, const roles::CircuitState& state);
  void wrong(const Turned& turn, const roles::CircuitState& state, std::string what);

  std::set<messages::CircuitId> told_;  ///< that are wrong already
};

}  // namespace queenright::sim
