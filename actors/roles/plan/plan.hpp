#pragma once

#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "messages/attempt.hpp"
#include "messages/worker.hpp"

/// A plan as it was checked: what `deploy/program/plan/plan_file` makes of a file, what `Begin`
/// carries, and what a circuit runs. Texts marked "template" may hold `${{ expressions }}`.
/// What a plan file may leave out is filled in by its reader: here zero is zero, as on the wire.
namespace queenright::roles {

/// Of known failures; full jitter from `backoff`, doubled each time, up to `max`.
struct Retry {
  static constexpr auto name = "Retry";
  std::uint32_t attempts{};  ///< in all
  messages::Duration backoff{};
  messages::Duration max{};

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "attempts", self.attempts);
    visit(2, "backoff", self.backoff);
    visit(3, "max", self.max);
  }
};

/// `exec` before its expressions are evaluated.
struct ExecTemplate {
  static constexpr auto name = "ExecTemplate";
  std::vector<std::string> argv;           ///< templates
  std::map<std::string, std::string> env;  ///< templates
  std::string cwd;                         ///< template; empty: the run's scratch directory
  std::string stdin_text;                  ///< template
  messages::OutputMode output{};
  std::vector<std::string> artifacts{};  ///< templates of patterns

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "argv", self.argv);
    visit(2, "env", self.env);
    visit(3, "cwd", self.cwd);
    visit(4, "stdin", self.stdin_text);
    visit(5, "output", self.output);
    visit(6, "artifacts", self.artifacts);
  }
};

/// `visit` is given each text of it that may have expressions.
template <class Visit>
void for_each_template(const ExecTemplate& exec, const Visit& visit) {
  for (const auto& argument : exec.argv) visit(argument);
  for (const auto& [variable, value] : exec.env) visit(value);
  visit(exec.cwd);
  visit(exec.stdin_text);
  for (const auto& pattern : exec.artifacts) visit(pattern);
}

/// Some time passes; no worker is needed.
struct Wait {
  static constexpr auto name = "Wait";
  messages::Duration span{};

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "span", self.span);
  }
};

/// A person has to agree before the step begins.
struct Approval {
  static constexpr auto name = "Approval";
  std::vector<std::string> by;   ///< who may; empty: anybody
  messages::Duration expires{};  ///< after so long it has failed; zero: never
  std::string reason;            ///< why it is asked for

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "by", self.by);
    visit(2, "expires", self.expires);
    visit(3, "reason", self.reason);
  }
};

struct Step {
  static constexpr auto name = "Step";
  std::string id;
  std::vector<std::uint32_t> needs;  ///< places in Plan::steps
  std::variant<messages::Noop, ExecTemplate, Wait> work;
  std::string when;     ///< template; empty: always, once its needs succeeded
  std::string foreach;  ///< template; empty: one task
  std::uint32_t max_parallel{};
  messages::Duration timeout{};  ///< of an attempt; zero: none
  Retry retry;
  bool idempotent{};
  messages::WorkerNeed worker;            ///< who may run it
  std::optional<std::uint32_t> fallback;  ///< place of the step that stands in when it has failed
  std::optional<ExecTemplate> rollback;   ///< what undoes each of its tasks
  std::optional<Approval> approval;
  std::vector<std::string> tags;  ///< this and the next two: to select it by
  std::string lifecycle;
  std::string type;
  bool left_out{};  ///< it was not selected for this run

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "id", self.id);
    visit(2, "needs", self.needs);
    visit(3, "work", self.work);
    visit(4, "when", self.when);
    visit(5, "foreach", self.foreach);
    visit(6, "max_parallel", self.max_parallel);
    visit(7, "timeout", self.timeout);
    visit(8, "retry", self.retry);
    visit(9, "idempotent", self.idempotent);
    visit(10, "worker", self.worker);
    visit(11, "fallback", self.fallback);
    visit(12, "rollback", self.rollback);
    visit(13, "approval", self.approval);
    visit(14, "tags", self.tags);
    visit(15, "lifecycle", self.lifecycle);
    visit(16, "type", self.type);
    visit(17, "left_out", self.left_out);
  }
};

/// What a run may use up; zero: as much as it likes.
struct RunBudget {
  static constexpr auto name = "RunBudget";
  messages::Duration wall{};  ///< from its beginning, in circuit time
  std::uint64_t attempts{};   ///< of all its tasks together

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "wall", self.wall);
    visit(2, "attempts", self.attempts);
  }
};

/// Where the tasks of a run are.
enum class PlanMode : std::uint8_t {
  hybrid,      ///< with those that they need, where there is room
  local,       ///< all on one worker
  distributed  ///< wherever there is least to do
};
constexpr PlanMode last_enumerator(PlanMode) { return PlanMode::distributed; }

struct Plan {
  static constexpr auto name = "Plan";
  std::string title;  ///< the key `plan`
  std::string description;
  std::map<std::string, messages::Value> vars;  ///< `--var` already applied
  std::vector<Step> steps;                      ///< in the order of the file
  PlanMode mode{};
  RunBudget budget;
  std::vector<std::string> secrets;  ///< names; the values are in the workers' environments

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "plan", self.title);
    visit(2, "description", self.description);
    visit(3, "vars", self.vars);
    visit(4, "steps", self.steps);
    visit(5, "mode", self.mode);
    visit(6, "budget", self.budget);
    visit(7, "secrets", self.secrets);
  }
};

}  // namespace queenright::roles
