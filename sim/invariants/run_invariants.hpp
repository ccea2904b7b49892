#pragma once

#include <set>

#include "actors/roles/circuit/circuit.hpp"
#include "sim/invariants/watch.hpp"

namespace queenright::sim {

/// Of what docs/plan.md promises of runs, with each entry that a circuit applies: a step begins
/// when it was selected, what it needs is over or stood in for, and whoever was to agree has
/// agreed; its attempts find the files that its needs have made, and no others; it has no more
/// tasks at once than its window; a run makes no more attempts than its budget; what is undone is
/// undone in reverse order, once, and never of a run that has succeeded.
class RunInvariants : public Invariants {
 public:
  void turned(const Turned& turn) override;

 private:
  void in_order(const Turned& turn, const roles::CircuitState& state);
  void with_files(const Turned& turn, const roles::CircuitState& state);
  void within_window(const Turned& turn, const roles::CircuitState& state);
  void within_budget(const Turned& turn, const roles::CircuitState& state);
  void undone(const Turned& turn, const roles::CircuitState& state);
  void wrong(const Turned& turn, const roles::CircuitState& state, std::string what);

  std::set<messages::CircuitId> told_;  ///< that are wrong already
};

}  // namespace queenright::sim
