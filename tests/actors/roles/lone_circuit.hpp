#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "actors/roles/circuit/circuit_state.hpp"
#include "tests/actors/roles/applier.hpp"
#include "tests/actors/roles/plans.hpp"

namespace queenright::roles {

/// A run's circuit by itself: the test plays its queen and its worker.
class LoneCircuit {
 public:
  static constexpr messages::CircuitId circuit{1};

  LoneCircuit() : applier(circuit) {}

  /// Has a worker, and begins.
  explicit LoneCircuit(const Plan& plan);

  messages::AppliedEntry commit(messages::Command command);
  messages::AppliedEntry offer_worker(const messages::Address& worker = worker_address);
  messages::AppliedEntry end(messages::AttemptId attempt, messages::AttemptOutcome outcome);

  /// The first running attempt of a step ends.
  messages::AppliedEntry end(std::string_view step, messages::AttemptOutcome outcome);
  messages::AppliedEntry cancel(const std::string& reason);
  messages::AppliedEntry resolve(const std::string& step, messages::Resolution resolution);
  messages::AppliedEntry wait_for_deadline();

  const CircuitState& state() const;
  const StepRun& step(std::string_view id) const;
  const Task& task(std::string_view step, std::uint32_t element = 0) const;
  TaskStatus status(std::string_view step_id) const { return step(step_id).status; }

  /// Started and not ended yet, in the order of their start.
  const std::vector<messages::StartAttempt>& running() const { return running_; }
  std::vector<std::string> running_steps() const;  ///< "id", or "id/element"
  const std::string& step_of(const messages::AttemptId& attempt) const;

  /// "step state", "step/element state" or "run state", since the last look.
  std::vector<std::string> events();

  Applier applier;

 private:
  std::vector<messages::StartAttempt> running_;
  std::vector<std::string> events_;
};

}  // namespace queenright::roles
