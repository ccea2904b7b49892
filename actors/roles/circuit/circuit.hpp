#pragma once

#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "actors/roles/circuit/circuit_scope.hpp"
#include "actors/roles/circuit/circuit_state.hpp"
#include "actors/roles/circuit/replicated.hpp"
#include "messages/exit_code.hpp"

namespace queenright::roles {

/// One run of one plan: decides what is tried next, and what became of it. Commands change it;
/// what it wants done are effects of the entry that it is applying.
class Circuit : public ReplicatedRole {
 public:
  explicit Circuit(messages::CircuitId circuit) { state_.circuit = circuit; }

  const CircuitState& state() const { return state_; }

 protected:
  messages::CircuitId circuit() const override { return state_.circuit; }
  messages::AppliedEntry apply(messages::CommittedEntry entry) override;
  std::optional<messages::Duration> circuit_deadline() const override;
  bool finished() const override;
  std::string state_bytes() const override;
  std::string state_text() const override;
  bool take_state(std::string_view bytes) override;
  messages::Value summary() const override;

 private:
  // circuit.cpp: what commands do to the run
  void command(messages::CommittedEntry& entry);
  void take_time(const messages::CommittedEntry& entry);
  void note_change(const messages::CommittedEntry& entry);
  void begin(const messages::Begin& begin);
  bool reuse(const messages::ReusedStep& reused);
  bool fits(const messages::ReusedStep& reused, const Step& step) const;
  void attempt_ended(messages::AttemptEnded& ended);
  void pass_time();
  void go_on_with_due_tasks();
  void consider_all();

  // circuit_ending.cpp: how the run ends
  void cancel(const std::string& reason);
  void abandon(const std::string& reason);
  void stop(Ending ending);
  void keep_to_time();
  void keep_to_budget();
  void resolve(const messages::ResolveStep& resolve);
  void resolve_step(std::uint32_t place, messages::Resolution resolution);
  void resolve_rollback(messages::Resolution resolution);
  void settle_run();
  Ending outcome() const;
  void roll_back();
  void wait_for_person();
  void end_run();
  void enter(messages::RunStatus status, const std::string& reason);
  void tell_hive(const std::string& reason);
  bool is_ending() const { return state_.ending.has_value(); }

  /// Rollbacks are made one at a time, and after all other tasks.
  bool is_undoing() const {
    return !state_.tasks.empty() && state_.tasks.back().rolls_back &&
           !is_final(state_.tasks.back().status);
  }

  // circuit_steps.cpp: when steps start and end
  void consider(std::uint32_t step);
  bool wanted(std::uint32_t step);
  const messages::ReusedStep* reused(std::uint32_t step) const;
  bool reuses(const Task& task) const;
  void take_outputs(std::uint32_t step, const messages::ReusedStep& reused);
  bool expand(std::uint32_t step);
  void make_tasks(std::uint32_t step);
  void make_task(std::uint32_t step);
  void end_step(std::uint32_t step, TaskStatus status, std::string reason);
  void release_dependents(std::uint32_t step, bool failed);
  void meet(std::uint32_t step, bool failed);
  void fail_step(std::uint32_t step, std::string reason);

  // circuit_approval.cpp: what waits for a person's consent
  std::string approval_hash(std::uint32_t step) const;
  void ask_approval(std::uint32_t step);
  void approve(const messages::ApproveStep& decision);
  messages::Result<std::uint32_t> place_of(const messages::ApproveStep& decision) const;
  std::string decided() const;
  std::string wrong_with(const messages::ApproveStep& decision, std::uint32_t step) const;
  void settle_approval(std::uint32_t step, ApprovalStatus status);
  void expire_approvals();

  // circuit_tasks.cpp: attempts at tasks
  void conclude(messages::TaskId id, messages::AttemptOutcome outcome);
  messages::Result<messages::Work> work_of(const Task& task) const;
  messages::Result<std::vector<messages::Artifact>> inputs_of(std::uint32_t step) const;
  void end_task(messages::TaskId id, TaskStatus status, std::string reason);
  void let_pass(messages::TaskId id, messages::Duration span);
  void pause(messages::TaskId id, messages::Duration span);
  bool waits(const Task& task) const;
  void fail_attempt(messages::TaskId id, const messages::AttemptOutcome& outcome);
  void lose_attempt(messages::TaskId id, const messages::AttemptOutcome& outcome);
  std::string refusal_of_output(const Task& task, const messages::AttemptOutcome& outcome) const;
  bool has_room_for(const messages::Value& output) const;
  void keep_output(const Task& task, messages::AttemptOutcome& outcome);
  messages::Duration backoff(const Task& task, const Retry& retry) const;

  // circuit_workers.cpp: who gets them
  void offer(const messages::OfferWorker& offer);
  void dispatch(messages::TaskId id);
  void place_ready();
  bool has_room() const;
  Placement placement_of(messages::TaskId id);
  std::optional<messages::Address> near(const Task& task) const;
  bool try_to_place(messages::TaskId id);
  void wait_for_worker(messages::TaskId id, std::string reason);
  bool takes_slot(const Task& task) const;
  void count_given(const Task& task, const messages::Address& worker, int change);
  void judge_worker(const AttemptRecord& attempt);
  bool opens_breaker(std::uint32_t step, const messages::Address& worker,
                     const std::string& reason);
  void note_opening(BreakerOpening opening);
  static bool is_workers_fault(Task& task, const messages::AttemptOutcome& outcome);
  void give_up(const messages::Address& worker, messages::Session session,
               const std::string& reason);
  void give_up_lost();
  std::optional<messages::Duration> worker_deadline() const;

  void tell(std::uint32_t step, const Task* task, std::string state, std::string reason);
  Task& task_at(messages::TaskId id) { return state_.tasks[id.value - 1]; }
  const Step& planned(std::uint32_t step) const { return state_.plan.steps[step]; }
  bool fans_out(std::uint32_t step) const { return !planned(step).foreach.empty(); }
  void derive();

  CircuitState state_;

  // Derived from the state.
  StepPlaces places_;
  std::vector<std::vector<std::uint32_t>> dependents_;
  std::map<std::uint32_t, std::uint32_t> stands_in_for_;              ///< by fallback
  std::size_t attempts_ = 0;                                          ///< that its budget counts
  std::uint32_t done_ = 0;                                            ///< tasks that succeeded
  std::set<std::pair<messages::Duration, messages::TaskId>> due_;     ///< tasks that wait for it
  std::set<std::pair<messages::Duration, std::uint32_t>> approvals_;  ///< that expire; steps
  std::set<messages::TaskId> ready_;                                  ///< for a worker
  std::size_t assigned_ = 0;                                          ///< tasks
  std::map<messages::Address, std::uint32_t> given_;  ///< children's attempts that are assigned
  messages::WorkerNeed local_need_;                   ///< of all steps of a local plan
  std::size_t open_steps_ = 0;                        ///< steps that are not settled

  // Of the entry that is being applied.
  messages::AppliedEntry made_;
  messages::Duration circuit_time_{};
  messages::Duration run_time_{};  ///< goes on also while nobody runs the circuit
  messages::WallTime wall_;
  std::uint64_t seed_ = 0;
  bool over_budget_ = false;
  std::vector<std::uint32_t> to_consider_;  ///< steps whose needs are final; no recursion
};

}  // namespace queenright::roles
