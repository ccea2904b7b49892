#pragma once

#include <map>
#include <string>
#include <vector>

#include "actors/roles/circuit/placement.hpp"
#include "actors/roles/plan/plan.hpp"
#include "messages/attempt.hpp"
#include "messages/command.hpp"

/// What a run's circuit remembers: all of it, and nothing that could be derived.
namespace queenright::roles {

/// PLAN's states of a task; a step has the state of its tasks taken together.
enum class TaskStatus : std::uint8_t {
  waiting,   ///< for its needs, or for its next attempt
  ready,     ///< for a worker
  assigned,  ///< an attempt has been given to a worker
  succeeded,
  failed,
  timed_out,
  cancelled,
  skipped,
  unknown  ///< its last attempt may have done all, some or nothing
};
constexpr TaskStatus last_enumerator(TaskStatus) { return TaskStatus::unknown; }
std::string name_of(TaskStatus status);

/// It will not change any more. `unknown` is not: a person decides.
bool is_final(TaskStatus status);

struct AttemptRecord {
  static constexpr auto name = "AttemptRecord";
  messages::Address worker;
  messages::WallTime assigned;
  bool ended{};
  messages::AttemptOutcome outcome;  ///< its output has moved to the step
  messages::Session session;         ///< of the worker
  std::string placed;                ///< why there, in short

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "worker", self.worker);
    visit(2, "assigned", self.assigned);
    visit(3, "ended", self.ended);
    visit(4, "outcome", self.outcome);
    visit(5, "session", self.session);
    visit(6, "placed", self.placed);
  }
};

struct Task {
  static constexpr auto name = "Task";
  std::uint32_t step{};     ///< its place in the plan
  std::uint32_t element{};  ///< its place in the fan-out, from 0
  TaskStatus status{};
  std::uint32_t known_failures{};
  messages::Duration retry_at{};  ///< in circuit time, when waiting
  std::vector<AttemptRecord> attempts;
  std::string reason;               ///< of its state; while it is ready, what it waits for
  std::uint32_t worker_failures{};  ///< attempts that workers failed to start

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "step", self.step);
    visit(2, "element", self.element);
    visit(3, "status", self.status);
    visit(4, "known_failures", self.known_failures);
    visit(5, "retry_at", self.retry_at);
    visit(6, "attempts", self.attempts);
    visit(7, "reason", self.reason);
    visit(8, "worker_failures", self.worker_failures);
  }
};

struct StepRun {
  static constexpr auto name = "StepRun";
  TaskStatus status{};
  std::uint32_t unmet{};     ///< needs that are not final
  bool needs_failed{};       ///< one of them failed, or was skipped since one of its own did
  bool begun{};              ///< its tasks are being made
  messages::Value elements;  ///< the list of the fan-out; null without one
  std::uint32_t created{};   ///< tasks
  std::uint32_t active{};    ///< tasks neither final nor unknown
  std::uint32_t unknown{};   ///< tasks of unknown fate
  TaskStatus failure{};      ///< of a task that failed for good: no further ones are made
  messages::Value outputs;   ///< a list, one of each task
  bool outputs_cut{};        ///< one of them is not whole
  std::string reason;
  messages::WallTime started;
  messages::WallTime ended;
  std::vector<messages::TaskId> again;  ///< of unknown fate, to be tried again; the next one last
  messages::Duration started_at{};      ///< in circuit time, which never falls; so the next
  messages::Duration ended_at{};
  messages::Address ran_on;  ///< where its last task succeeded

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "status", self.status);
    visit(2, "unmet", self.unmet);
    visit(3, "needs_failed", self.needs_failed);
    visit(4, "begun", self.begun);
    visit(5, "elements", self.elements);
    visit(6, "created", self.created);
    visit(7, "active", self.active);
    visit(8, "unknown", self.unknown);
    visit(9, "failure", self.failure);
    visit(10, "outputs", self.outputs);
    visit(11, "reason", self.reason);
    visit(12, "started", self.started);
    visit(13, "ended", self.ended);
    visit(14, "again", self.again);
    visit(15, "outputs_cut", self.outputs_cut);
    visit(16, "started_at", self.started_at);
    visit(17, "ended_at", self.ended_at);
    visit(18, "ran_on", self.ran_on);
  }
};

/// Who led the circuit, from an entry of its log on.
struct Leadership {
  static constexpr auto name = "Leadership";
  messages::Epoch epoch;
  messages::NodeId root;
  messages::LogIndex since;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "epoch", self.epoch);
    visit(2, "root", self.root);
    visit(3, "since", self.since);
  }
};

struct CircuitState {
  static constexpr auto name = "CircuitState";
  messages::CircuitId circuit;
  std::string run;
  Plan plan;
  std::string plan_hash;
  messages::RunStatus status{};
  std::string cancelling;  ///< why no further task is started; empty: they are
  std::string reason;
  std::int32_t exit_code{};
  messages::WallTime started;
  messages::WallTime ended;
  std::map<messages::Address, KnownWorker> workers;
  std::optional<messages::Address> home;  ///< the worker that got the first task
  std::vector<StepRun> steps;             ///< as in the plan
  std::vector<Task> tasks;                ///< TaskId 1 is the first
  std::uint64_t output_bytes{};           ///< kept so far
  std::string key;                        ///< by which its client knows the run
  std::vector<Leadership> leaders;
  messages::LogIndex last_entry;    ///< that changed the run
  messages::Duration started_at{};  ///< in circuit time, which never falls; so the next
  messages::Duration ended_at{};

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "circuit", self.circuit);
    visit(3, "run", self.run);
    visit(4, "plan", self.plan);
    visit(5, "plan_hash", self.plan_hash);
    visit(6, "status", self.status);
    visit(7, "cancelling", self.cancelling);
    visit(8, "reason", self.reason);
    visit(9, "exit_code", self.exit_code);
    visit(10, "started", self.started);
    visit(11, "ended", self.ended);
    visit(21, "workers", self.workers);
    visit(22, "home", self.home);
    visit(13, "steps", self.steps);
    visit(14, "tasks", self.tasks);
    visit(15, "output_bytes", self.output_bytes);
    visit(16, "key", self.key);
    visit(17, "leaders", self.leaders);
    visit(18, "last_entry", self.last_entry);
    visit(19, "started_at", self.started_at);
    visit(20, "ended_at", self.ended_at);
  }
};

}  // namespace queenright::roles
