#include <rapidcheck.h>

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <set>
#include <span>

#include "actors/roles/circuit/circuit.hpp"
#include "actors/roles/report.hpp"
#include "messages/digest.hpp"
#include "tests/actors/roles/decisions.hpp"
#include "tests/actors/roles/lone_circuit.hpp"
#include "tests/actors/roles/lone_replica.hpp"
#include "tests/actors/roles/random_plan.hpp"
#include "tests/restored_anywhere.hpp"

/// What holds of every run, whatever its plan and whatever happens to it.
namespace queenright::roles {
namespace {
BOOST_AUTO_TEST_SUITE(circuit_property)

using messages::AppliedEntry;
using messages::AttemptEnd;
using messages::AttemptOutcome;
using messages::Resolution;
using messages::RunStatus;
using messages::StartAttempt;

bool is_over(const CircuitState& state) { return state.status >= RunStatus::succeeded; }

/// After each command.
class Rules {
 public:
  explicit Rules(const LoneCircuit& circuit) : circuit_(circuit) {}

  void check(const AppliedEntry& made, bool a_person_decided) {
    const auto ended_at_once = of_kind<messages::EndAttempt>(made.effects);
    for (const auto& start : of_kind<StartAttempt>(made.effects)) {
      started(start, a_person_decided);
      const bool stopped =
          std::any_of(ended_at_once.begin(), ended_at_once.end(),
                      [&](const auto& end) { return end.attempt == start.attempt; });
      const auto& task = circuit_.state().tasks.at(start.attempt.task.value - 1);
      RC_ASSERT(!circuit_.state().ending || task.rolls_back || stopped);
    }
    if (a_person_decided)
      for (const auto& step : circuit_.state().steps)
        decided_.insert(step.again.begin(), step.again.end());
    windows_are_kept();
    budget_is_kept();
    const auto& state = circuit_.state();
    RC_ASSERT(circuit_.applier.applied().finished == is_over(state));
    if (is_over(state))
      ended();
    else
      goes_on();
  }

 private:
  void started(const StartAttempt& start, bool a_person_decided) {
    const auto& state = circuit_.state();
    const auto& task = state.tasks.at(start.attempt.task.value - 1);
    const auto& planned = state.plan.steps[task.step];
    RC_ASSERT(attempts_.insert(start.attempt).second);
    if (task.rolls_back) RC_ASSERT(is_settled(state, task.step));
    for (const auto need : planned.needs) {
      RC_ASSERT(is_final(state.steps[need].status));
      RC_ASSERT(is_final(state.steps[stand_in_of(state, need)].status));
    }
    RC_ASSERT(task.attempts.size() == start.attempt.attempt.value);
    if (task.attempts.size() < 2) return;
    const auto& before = task.attempts[task.attempts.size() - 2];
    RC_ASSERT(before.ended);
    RC_ASSERT(before.outcome.end != AttemptEnd::unknown || planned.idempotent || a_person_decided ||
              decided_.erase(start.attempt.task) == 1);
    RC_ASSERT(task.known_failures < planned.retry.attempts);
  }

  void windows_are_kept() {
    const auto& state = circuit_.state();
    std::vector<std::uint32_t> active(state.steps.size());
    for (const auto& task : state.tasks)
      if (!task.rolls_back && !is_final(task.status) && task.status != TaskStatus::unknown)
        ++active[task.step];
    for (std::size_t i = 0; i < state.steps.size(); ++i) {
      RC_ASSERT(active[i] == state.steps[i].active);
      RC_ASSERT(active[i] <= state.plan.steps[i].max_parallel);
    }
  }

  void budget_is_kept() {
    const auto& state = circuit_.state();
    std::uint64_t attempts = 0;
    for (const auto& task : state.tasks) attempts += task.rolls_back ? 0 : task.attempts.size();
    RC_ASSERT(state.plan.budget.attempts == 0 || attempts <= state.plan.budget.attempts);
  }

  /// What was done last is undone first; each once; and nothing of a run that has succeeded.
  void undone(const CircuitState& state) {
    std::vector<std::pair<std::uint32_t, std::uint32_t>> expected;
    std::vector<const Task*> done;
    for (const auto& task : state.tasks)
      if (task.done_as > 0 && state.plan.steps[task.step].rollback &&
          state.status != RunStatus::succeeded)
        done.push_back(&task);
    std::sort(done.begin(), done.end(),
              [](const Task* one, const Task* other) { return one->done_as > other->done_as; });
    for (const Task* task : done) expected.emplace_back(task->step, task->element);
    std::vector<std::pair<std::uint32_t, std::uint32_t>> rolled_back;
    for (const auto& task : state.tasks)
      if (task.rolls_back) rolled_back.emplace_back(task.step, task.element);
    RC_ASSERT(rolled_back == expected);
  }

  void goes_on() {
    const auto& state = circuit_.state();
    const bool works = !circuit_.running().empty() ||
                       std::any_of(state.tasks.begin(), state.tasks.end(), [](const Task& task) {
                         return task.status == TaskStatus::ready;
                       });
    const bool has_deadline = circuit_.applier.applied().deadline.has_value();
    // These end a run also as it waits.
    const bool is_timed =
        state.plan.budget.wall > messages::Duration{} ||
        std::any_of(state.steps.begin(), state.steps.end(), [](const StepRun& step) {
          return waits_for_approval(step) && step.approval->expires_at > messages::Duration{};
        });
    const bool proceeds = works || has_deadline;
    bool named = false;
    for (std::uint32_t step = 0; step < state.steps.size(); ++step)
      named = named || waits_for_person(state, step);
    RC_ASSERT(proceeds || (state.status == RunStatus::awaiting_operator && named));
    RC_ASSERT(!(works || (has_deadline && !is_timed)) ||
              state.status != RunStatus::awaiting_operator);
  }

  void ended() {
    const auto& state = circuit_.state();
    RC_ASSERT(circuit_.running().empty());
    RC_ASSERT(!circuit_.applier.applied().deadline.has_value());
    for (std::uint32_t step = 0; step < state.steps.size(); ++step)
      RC_ASSERT(is_settled(state, step));
    for (const auto& task : state.tasks)  // what another element's failure left behind is not known
      RC_ASSERT(is_final(task.status) || state.steps[task.step].failure != TaskStatus::waiting ||
                state.steps[task.step].status == TaskStatus::unknown ||
                falls_back(state, task.step));
    undone(state);
    const auto any = [&](TaskStatus status) {
      for (std::uint32_t step = 0; step < state.steps.size(); ++step)
        if (state.steps[step].status == status && !is_made_good(state, step)) return true;
      return false;
    };
    if (state.status == RunStatus::cancelled || state.reason.starts_with("its budget")) return;
    const bool timed_out = any(TaskStatus::timed_out);
    const bool failed = timed_out || any(TaskStatus::failed);
    RC_ASSERT((state.status == RunStatus::failed) == failed);
    RC_ASSERT(state.exit_code == (timed_out ? 7 : failed ? 1 : 0));
  }

  const LoneCircuit& circuit_;
  std::set<messages::AttemptId> attempts_;
  std::set<messages::TaskId> decided_;  ///< to be tried again when there is room
};

AttemptOutcome outcome_of(std::uint32_t roll) {
  switch (roll) {
    case 1: return failed();
    case 2: return timed_out();
    case 3: return lost();
    case 4: return cancelled();
    default: return succeeded("out");
  }
}

/// One command: what the dice say, or else what brings the run nearer to its end.
void something_happens(LoneCircuit& circuit, Rules& rules, Dice& dice) {
  const auto& state = circuit.state();
  const auto what = dice.roll(16);
  if (what == 15) return rules.check(circuit.cancel("stop"), false);
  if (what == 14) return rules.check(circuit.offer_worker(other_worker), false);
  if (what == 13) circuit.applier.say_again();
  const bool decides = what == 12 || state.status == RunStatus::awaiting_operator;
  if (decides && !state.steps.empty()) {
    auto step = dice.roll(static_cast<std::uint32_t>(state.steps.size()));
    if (what != 12)
      while (!waits_for_person(state, step))
        step = (step + 1) % static_cast<std::uint32_t>(state.steps.size());
    const auto resolution = dice.roll(2) == 0 ? Resolution::skip : Resolution::retry;
    return rules.check(circuit.commit(decision_about(state, step, resolution)), true);
  }
  const auto attempts = static_cast<std::uint32_t>(circuit.running().size());
  if (attempts > 0 && (what > 3 || !circuit.applier.applied().deadline)) {
    const auto attempt = circuit.running()[dice.roll(attempts)].attempt;
    return rules.check(circuit.end(attempt, outcome_of(dice.roll(8))), false);
  }
  if (circuit.applier.applied().deadline) return rules.check(circuit.wait_for_deadline(), false);
  rules.check(circuit.offer_worker(), false);
}

/// Commits one after the other; what was made of each, and how the circuit stood then.
std::vector<messages::Digest> commit_all(LoneReplica& replica,
                                         std::span<const messages::CommittedEntry> entries) {
  std::vector<messages::Digest> made;
  for (const auto& entry : entries)
    made.push_back(digest_of(replica.commit({entry}, {entry.index.value - 1})));
  return made;
}

// A-R10: a circuit's state is the snapshot of its log.
BOOST_AUTO_TEST_CASE(a_fresh_replica_with_the_state_of_another_goes_on_as_that_one_does) {
  const bool holds = rc::check("the state is the whole of what was agreed", [] {
    LoneCircuit circuit;
    Rules rules(circuit);
    const Plan plan = random_plan();
    Dice dice;
    circuit.offer_worker();
    rules.check(circuit.commit(begin_of(plan)), false);
    for (int commands = 0; !is_over(circuit.state()) && commands < 50; ++commands)
      something_happens(circuit, rules, dice);
    const auto entries = entries_in(circuit.applier.inputs());
    const std::span<const messages::CommittedEntry> all(entries);
    const auto cut = *rc::gen::inRange<std::size_t>(0, entries.size() + 1);
    LoneReplica whole(LoneCircuit::circuit);
    commit_all(whole, all.first(cut));
    LoneReplica fresh(LoneCircuit::circuit);
    fresh.restore(whole.checkpoint());
    RC_ASSERT(commit_all(fresh, all.subspan(cut)) == commit_all(whole, all.subspan(cut)));
    RC_ASSERT(fresh.checkpoint().state == whole.checkpoint().state);
    RC_ASSERT(fresh.checkpoint().applied == whole.checkpoint().applied);
  });
  BOOST_TEST(holds);
}

BOOST_AUTO_TEST_CASE(every_run_keeps_the_rules_and_comes_to_its_end_and_snapshots_change_nothing) {
  const bool holds = rc::check("a run keeps the rules", [] {
    LoneCircuit circuit;
    Rules rules(circuit);
    const Plan plan = random_plan();
    Dice dice;
    if (dice.roll(4) != 3) circuit.offer_worker();
    rules.check(circuit.commit(begin_of(plan)), false);
    for (int commands = 0; !is_over(circuit.state()); ++commands) {
      RC_ASSERT(commands < 2'000);
      something_happens(circuit, rules, dice);
    }
    const auto role = messages::circuit_role(LoneCircuit::circuit);
    auto whole = make_role(role);
    auto restored = make_role(role);
    for (const auto& input : circuit.applier.inputs()) {
      restored = restore_role(role, restored->snapshot());
      RC_ASSERT(messages::digests_of_step(*whole, input) ==
                messages::digests_of_step(*restored, input));
    }
    RC_ASSERT(whole->snapshot() == restored->snapshot());
    const auto& recomputed = dynamic_cast<const Circuit&>(*whole);
    RC_ASSERT(report_of(recomputed.state()) == report_of(circuit.state()));
  });
  BOOST_TEST(holds);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace queenright::roles
