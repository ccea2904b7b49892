#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "actors/roles/circuit/placement.hpp"
#include "actors/roles/circuit/task_state.hpp"
#include "actors/roles/plan/plan.hpp"
#include "messages/attempt.hpp"
#include "messages/command.hpp"

/// What a run's circuit remembers: all of it, and nothing that could be derived.
namespace queenright::roles {

inline constexpr std::size_t max_artifacts_of_step = 1000;
inline constexpr std::uint64_t max_reused_bytes = 8U << 20U;  ///< of outputs, in one command

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
  messages::Duration started_at{};      ///< in run time, which never falls; so the next
  messages::Duration ended_at{};
  messages::Address ran_on;  ///< where its last task succeeded
  std::optional<ApprovalRun> approval;
  std::vector<messages::Artifact> artifacts;  ///< of all its tasks
  std::vector<std::uint32_t> made_by;         ///< which element made each of them
  bool reuses{};                              ///< what an earlier run did of its elements

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
    visit(19, "approval", self.approval);
    visit(20, "artifacts", self.artifacts);
    visit(21, "made_by", self.made_by);
    visit(22, "reuses", self.reuses);
  }
};

/// The entry that was applied last, and how long nobody has run the circuit in between.
struct PassedTime {
  static constexpr auto name = "PassedTime";
  messages::Epoch epoch;
  messages::NodeId root;
  messages::Duration circuit_time{};
  messages::WallTime wall;
  messages::Duration stood_still{};

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "epoch", self.epoch);
    visit(2, "root", self.root);
    visit(3, "circuit_time", self.circuit_time);
    visit(4, "wall", self.wall);
    visit(5, "stood_still", self.stood_still);
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

/// How a run is to end, once what runs is over and what was done is undone.
struct Ending {
  static constexpr auto name = "Ending";
  messages::RunStatus status{};
  std::int32_t exit_code{};
  std::string reason;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "status", self.status);
    visit(2, "exit_code", self.exit_code);
    visit(3, "reason", self.reason);
  }
};

struct CircuitState {
  static constexpr auto name = "CircuitState";
  messages::CircuitId circuit;
  std::string run;
  Plan plan;
  std::string plan_hash;
  messages::RunStatus status{};
  std::optional<Ending> ending;  ///< no further task is started
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
  messages::Duration started_at{};  ///< in run time, which never falls; so the next
  messages::Duration ended_at{};
  bool rolls_back{};                                     ///< what is to be undone was decided
  std::vector<messages::TaskId> to_undo;                 ///< tasks; the next one last
  std::map<std::uint32_t, messages::ReusedStep> reused;  ///< steps that are not done again
  std::vector<BreakerOpening> openings;                  ///< the first ones
  std::uint64_t breakers_opened{};
  PassedTime passed;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "circuit", self.circuit);
    visit(3, "run", self.run);
    visit(4, "plan", self.plan);
    visit(5, "plan_hash", self.plan_hash);
    visit(6, "status", self.status);
    visit(7, "ending", self.ending);
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
    visit(23, "rolls_back", self.rolls_back);
    visit(24, "to_undo", self.to_undo);
    visit(25, "reused", self.reused);
    visit(26, "openings", self.openings);
    visit(27, "breakers_opened", self.breakers_opened);
    visit(28, "passed", self.passed);
  }
};

/// It will not change any more: a run that is ending asks nobody what it did.
bool is_settled(const CircuitState& state, std::uint32_t step);

/// Some task of it may have done all, some or nothing, and doing it again might do harm.
bool has_unknown_effect(const CircuitState& state, std::uint32_t step);

/// Nothing of it begins before a person has agreed.
bool waits_for_approval(const StepRun& step);

/// It has failed for good, and another step stands in for it.
bool falls_back(const CircuitState& state, std::uint32_t step);

/// Whose outcome counts as this step's: its own, or that of the last who stands in for it.
std::uint32_t stand_in_of(const CircuitState& state, std::uint32_t step);

/// And that one has succeeded.
bool is_made_good(const CircuitState& state, std::uint32_t step);

}  // namespace queenright::roles
