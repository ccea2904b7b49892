#pragma once

#include <string>
#include <vector>

#include "messages/attempt.hpp"

/// What the circuit of a run is told.
namespace queenright::messages {

/// What a step of an earlier run of the same plan gave, so that it need not be done again: all of
/// it, or of a fan-out some tasks only.
struct ReusedStep {
  static constexpr auto name = "ReusedStep";
  std::string step;
  std::string run;     ///< the earlier one; empty: a person says that it has succeeded
  Value outputs;       ///< a list, one of each task
  bool outputs_cut{};  ///< one of them is not whole
  std::vector<Artifact> artifacts{};
  std::vector<std::uint32_t> made_by{};  ///< which element made each of them
  Value elements{};                      ///< of a part: the list; null: it is the whole step
  std::vector<std::uint32_t> done{};     ///< of a part: which of them, rising

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "step", self.step);
    visit(2, "run", self.run);
    visit(3, "outputs", self.outputs);
    visit(4, "outputs_cut", self.outputs_cut);
    visit(5, "artifacts", self.artifacts);
    visit(6, "made_by", self.made_by);
    visit(7, "elements", self.elements);
    visit(8, "done", self.done);
  }
};

struct Begin {
  static constexpr auto name = "Begin";
  std::string plan;  ///< an encoded Plan (actors/roles/plan/plan.hpp)
  std::string plan_hash;
  std::string run;  ///< what people call the run
  std::string key;  ///< by which its client knows it
  std::vector<ReusedStep> reused{};

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "plan", self.plan);
    visit(2, "plan_hash", self.plan_hash);
    visit(3, "run", self.run);
    visit(4, "key", self.key);
    visit(5, "reused", self.reused);
  }
};

struct AttemptEnded {
  static constexpr auto name = "AttemptEnded";
  TaskId task;
  AttemptNumber attempt;
  AttemptOutcome outcome;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "task", self.task);
    visit(2, "attempt", self.attempt);
    visit(3, "outcome", self.outcome);
  }
};

struct CancelRun {
  static constexpr auto name = "CancelRun";
  std::string reason;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "reason", self.reason);
  }
};

enum class Resolution : std::uint8_t { retry, skip };
constexpr Resolution last_enumerator(Resolution) { return Resolution::skip; }

/// A person decides about a step whose fate is unknown.
struct ResolveStep {
  static constexpr auto name = "ResolveStep";
  std::string step;
  Resolution resolution{};

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "step", self.step);
    visit(2, "resolution", self.resolution);
  }
};

enum class Verdict : std::uint8_t { approve, reject };
constexpr Verdict last_enumerator(Verdict) { return Verdict::reject; }

/// A person decides whether a step may begin.
struct ApproveStep {
  static constexpr auto name = "ApproveStep";
  std::string step;
  std::string hash;  ///< of what the person has seen; empty: of whatever it is now
  Verdict verdict{};
  std::string approver;  ///< who it is: said by the queen whom the client asks
  std::string comment;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "step", self.step);
    visit(2, "hash", self.hash);
    visit(3, "verdict", self.verdict);
    visit(4, "approver", self.approver);
    visit(5, "comment", self.comment);
  }
};

/// The circuit's time has reached its deadline. Only the acting root proposes it.
struct TimePassed {
  static constexpr auto name = "TimePassed";
  template <class Self, class Visit>
  static void fields(Self&, Visit&&) {}
};

/// Ends a run whose plan never came; refused once it has come.
struct AbandonRun {
  static constexpr auto name = "AbandonRun";
  std::string reason;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "reason", self.reason);
  }
};

}  // namespace queenright::messages
