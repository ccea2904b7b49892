#pragma once

#include <map>
#include <set>

#include "actors/roles/circuit/circuit.hpp"
#include "sim/invariants/watch.hpp"

namespace queenright::sim {

/// What docs/plan.md promises of attempts: none is started twice; and a step that is not idempotent
/// is started again only when it is known how the attempt before ended, or a person said so. And
/// what docs/workers.md promises: a task goes to nobody who lacks what it needs, is lost or
/// demoted; what is given up is over soon, and not started any more.
class AttemptInvariants : public Invariants {
 public:
  void turned(const Turned& turn) override;
  void released(const Released& released) override;
  void ended(const Ended& ended) override;
  void look(const World& world) override;

 private:
  using AttemptId = messages::AttemptId;

  void circuit_turned(const Turned& turn, const roles::Circuit& circuit);
  void decided(const roles::CircuitState& state, const std::string& step);
  void ordered(const Turned& turn, const roles::CircuitState& state, const AttemptId& attempt);
  void placed(const Turned& turn, const roles::CircuitState& state,
              const messages::StartAttempt& start);
  void left(const Turned& turn, const roles::CircuitState& state, const AttemptId& attempt);

  std::set<AttemptId> spawned_;
  std::set<AttemptId> exited_;      ///< a worker knows how
  std::set<AttemptId> given_up_;    ///< of unknown end, and a person wants it tried again
  std::set<AttemptId> repeatable_;  ///< may begin though the end of the one before is unknown
  std::map<AttemptId, messages::NodeId> running_;  ///< where
  std::map<AttemptId, messages::Instant> left_;    ///< given up by their circuits, and when
};

}  // namespace queenright::sim
