#include "sim/scenario/scenario_check.hpp"

#include "sim/faults/fault_parts.hpp"
#include "sim/faults/time_text.hpp"

namespace queenright::sim {
namespace {

using Wrong = std::function<void(std::size_t line, const std::string& what)>;

class Check {
 public:
  Check(const Scenario& scenario, const Wrong& wrong)
      : scenario_(scenario),
        wrong_(wrong),
        layout_{scenario.options.queens, scenario.options.workers} {
    for (const auto& action : scenario.actions)
      if (action.kind == Action::Kind::submit) submitted_ += action.count;
  }

  void fault(const Fault& fault, std::size_t line) {
    if (const auto problem = problem_of(fault, layout_); !problem.empty()) wrong_(line, problem);
    within_life(fault.at, fault.at + fault.span, line);
    if (fault.kind == FaultKind::cancel || fault.kind == FaultKind::demote)
      has_run(fault.amount, line);
  }

  void action(const Action& action) {
    has_queen(action.queen, action.line);
    within_life(action.at, action.at, action.line);
    if (action.kind != Action::Kind::submit)
      has_run(static_cast<std::int64_t>(action.run.value), action.line);
    if (action.kind == Action::Kind::cancel && action.run == CircuitId{})
      wrong_(action.line, "the first run is 1");
    if (action.kind != Action::Kind::submit) return;
    so_far_ += action.count;
    if (so_far_ > most_runs && so_far_ - action.count <= most_runs)
      wrong_(action.line, "by this line " + std::to_string(so_far_) +
                              " runs are submitted; at most " + std::to_string(most_runs) +
                              " can be");
  }

  void expectation(const Expectation& expectation) {
    has_queen(expectation.queen, expectation.line);
    has_run(static_cast<std::int64_t>(expectation.run.value), expectation.line);
    if (expectation.kind == Expectation::Kind::roots_move && expectation.since > expectation.to)
      wrong_(expectation.line, "the time ends before it begins");
    if (expectation.to > scenario_.end)
      wrong_(expectation.line, "the scenario ends before this, at " + time_text(scenario_.end));
    else
      within_life({}, expectation.to, expectation.line);
  }

 private:
  void has_queen(NodeId queen, std::size_t line) {
    if (queen.value > layout_.queens)
      wrong_(line, "there is no queen " + std::to_string(queen.value) + "; the hive has " +
                       std::to_string(layout_.queens));
  }

  /// Circuit 0 is the hive's own. Clients who open runs by themselves may open any number.
  void has_run(std::int64_t run, std::size_t line) {
    if (scenario_.options.runs_at_once == 0 && run > submitted_)
      wrong_(line, "there is no run " + std::to_string(run) + "; the timeline submits " +
                       std::to_string(submitted_));
  }

  void within_life(Duration from, Duration to, std::size_t line) {
    if (from >= scenario_.end)
      wrong_(line, "the scenario ends before this, at " + time_text(scenario_.end));
    else if (to > longest_life)
      wrong_(line, "a scenario lasts " + time_text(longest_life) + " at most");
  }

  const Scenario& scenario_;
  const Wrong& wrong_;
  const Layout layout_;
  std::int64_t submitted_ = 0;
  std::int64_t so_far_ = 0;
};

}  // namespace

void check_whole(const Scenario& scenario, const std::vector<std::size_t>& fault_lines,
                 const Wrong& wrong) {
  Check check(scenario, wrong);
  for (std::size_t i = 0; i < scenario.faults.size(); ++i)
    check.fault(scenario.faults[i], fault_lines[i]);
  for (const auto& action : scenario.actions) check.action(action);
  for (const auto& expectation : scenario.expectations) check.expectation(expectation);
}

}  // namespace queenright::sim
