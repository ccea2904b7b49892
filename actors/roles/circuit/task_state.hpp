#pragma once

#include <string>
#include <vector>

#include "messages/attempt.hpp"
#include "messages/ballot.hpp"
#include "messages/ids.hpp"

/// What a run's circuit remembers of its tasks, and of the consent it has asked for.
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
  messages::AttemptOutcome outcome;  ///< its output is the step's; of a failure the end stays
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
  messages::Duration go_on_at{};  ///< in run time, when waiting
  std::vector<AttemptRecord> attempts;
  std::string reason;               ///< of its state; while it is ready, what it waits for
  std::uint32_t worker_failures{};  ///< attempts that workers failed to start
  bool rolls_back{};                ///< it undoes what another task of its step has done
  std::uint32_t done_as{};          ///< the how manieth of the run that succeeded, from 1; or 0

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "step", self.step);
    visit(2, "element", self.element);
    visit(3, "status", self.status);
    visit(4, "known_failures", self.known_failures);
    visit(5, "go_on_at", self.go_on_at);
    visit(6, "attempts", self.attempts);
    visit(7, "reason", self.reason);
    visit(8, "worker_failures", self.worker_failures);
    visit(9, "rolls_back", self.rolls_back);
    visit(10, "done_as", self.done_as);
  }
};

enum class ApprovalStatus : std::uint8_t { waiting, approved, rejected, expired };
constexpr ApprovalStatus last_enumerator(ApprovalStatus) { return ApprovalStatus::expired; }

/// What a person was asked to agree to, and the answer.
struct ApprovalRun {
  static constexpr auto name = "ApprovalRun";
  std::string hash;  ///< of the plan, the step and what it gets
  ApprovalStatus status{};
  messages::WallTime asked;
  messages::Duration expires_at{};  ///< in run time; zero: never
  std::string approver;
  messages::WallTime decided;
  std::string comment;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "hash", self.hash);
    visit(2, "status", self.status);
    visit(3, "asked", self.asked);
    visit(4, "expires_at", self.expires_at);
    visit(5, "approver", self.approver);
    visit(6, "decided", self.decided);
    visit(7, "comment", self.comment);
  }
};

}  // namespace queenright::roles
