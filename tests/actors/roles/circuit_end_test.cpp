#include <boost/test/unit_test.hpp>
#include <set>

#include "actors/roles/catalogue.hpp"
#include "actors/roles/circuit/circuit.hpp"
#include "messages/digest.hpp"
#include "messages/ensure.hpp"
#include "messages/reader.hpp"
#include "tests/actors/roles/lone_circuit.hpp"
#include "tests/restored_anywhere.hpp"

/// How runs begin and end, and what a circuit refuses.
namespace queenright::roles {
namespace {
BOOST_AUTO_TEST_SUITE(circuit_end)

using messages::Propose;
using messages::Resolution;
using messages::RunChanged;
using messages::RunStatus;
using messages::Value;
using Names = std::vector<std::string>;

bool was_cancelled(const LoneCircuit& circuit, const std::string& reason) {
  return circuit.state().status == RunStatus::cancelled && circuit.state().exit_code == 1 &&
         circuit.state().reason == reason && circuit.applier.applied().finished;
}

BOOST_AUTO_TEST_CASE(a_run_without_a_plan_is_cancelled_at_once) {
  LoneCircuit circuit;
  circuit.cancel("abandoned");
  BOOST_TEST(was_cancelled(circuit, "abandoned"));
  BOOST_TEST(circuit.commit(begin_of(plan_of({exec("a")}))).refused == "the run is over");
}

BOOST_AUTO_TEST_CASE(running_attempts_are_ended_and_then_the_run_is_cancelled) {
  LoneCircuit circuit(plan_of({exec("a"), exec("b"), exec("c", {0})}));
  const auto ends = of_kind<messages::EndAttempt>(circuit.cancel("stop").effects);
  BOOST_TEST(ends.size() == 2U);
  BOOST_CHECK(ends[0].attempt == circuit.running()[0].attempt);
  BOOST_CHECK(ends[1].attempt == circuit.running()[1].attempt);
  BOOST_CHECK(circuit.status("c") == TaskStatus::cancelled);
  circuit.end("a", cancelled());
  BOOST_CHECK(circuit.state().status == RunStatus::running);
  circuit.end("b", cancelled());
  BOOST_CHECK(circuit.status("b") == TaskStatus::cancelled);
  BOOST_TEST(was_cancelled(circuit, "stop"));
}

BOOST_AUTO_TEST_CASE(what_succeeded_before_it_could_be_ended_has_succeeded) {
  LoneCircuit circuit(plan_of({exec("a"), exec("b", {0})}));
  circuit.cancel("stop");
  circuit.end("a", succeeded("output"));
  BOOST_CHECK(circuit.status("a") == TaskStatus::succeeded);
  BOOST_CHECK(circuit.status("b") == TaskStatus::cancelled);
  BOOST_TEST(was_cancelled(circuit, "stop"));
}

BOOST_AUTO_TEST_CASE(what_waits_for_a_retry_a_worker_or_a_person_is_cancelled_at_once) {
  LoneCircuit retrying(plan_of({retried(exec("a"), 2)}));
  retrying.end("a", failed());
  retrying.cancel("stop");
  BOOST_TEST(was_cancelled(retrying, "stop"));
  BOOST_CHECK(!retrying.applier.applied().deadline.has_value());

  LoneCircuit without_worker;
  without_worker.commit(begin_of(plan_of({exec("a")})));
  without_worker.cancel("stop");
  BOOST_TEST(was_cancelled(without_worker, "stop"));

  LoneCircuit awaiting(plan_of({exec("a"), exec("b", {0})}));
  awaiting.end("a", lost());
  awaiting.cancel("stop");
  BOOST_TEST(was_cancelled(awaiting, "stop; nobody knows what step 'a' did"));
  BOOST_CHECK(awaiting.status("b") == TaskStatus::cancelled);
}

BOOST_AUTO_TEST_CASE(a_half_made_fan_out_makes_no_more) {
  Plan plan = plan_of({fan_out("each", "vars.list", 2)});
  plan.vars["list"] = Value::List(9);
  LoneCircuit circuit(plan);
  circuit.end(circuit.running()[0].attempt, lost());
  circuit.cancel("stop");
  circuit.end(circuit.running()[0].attempt, succeeded());
  circuit.end(circuit.running()[0].attempt, succeeded());
  BOOST_TEST(circuit.running().empty());
  BOOST_TEST(circuit.state().tasks.size() == 3U);
  BOOST_CHECK(circuit.status("each") == TaskStatus::unknown);
  BOOST_TEST(was_cancelled(circuit, "stop; nobody knows what step 'each' did"));
}

BOOST_AUTO_TEST_CASE(a_cancellation_without_a_reason_is_one_all_the_same) {
  LoneCircuit circuit(plan_of({retried(exec("a"), 3)}));
  circuit.cancel("");
  circuit.end("a", cancelled());
  BOOST_TEST(was_cancelled(circuit, "cancelled"));
}

BOOST_AUTO_TEST_CASE(to_cancel_twice_is_as_good_as_once) {
  LoneCircuit circuit(plan_of({exec("a")}));
  circuit.cancel("stop");
  const auto again = circuit.cancel("really");
  BOOST_TEST(again.refused == "");
  BOOST_TEST(again.effects.empty());
}

BOOST_AUTO_TEST_CASE(a_run_that_is_over_refuses_every_command) {
  LoneCircuit circuit(plan_of({exec("a")}));
  circuit.end("a", succeeded());
  for (const messages::Command& command : std::vector<messages::Command>{
           messages::CancelRun{"late"}, offer_of(worker_address), messages::TimePassed{},
           messages::AttemptEnded{{1}, {1}, failed()},
           messages::ResolveStep{"a", Resolution::retry}, begin_of(plan_of({exec("a")}))}) {
    const auto made = circuit.commit(command);
    BOOST_TEST(made.refused == "the run is over");
    BOOST_TEST(made.effects.empty());
    BOOST_TEST(made.events.empty());
  }
  BOOST_CHECK(circuit.state().status == RunStatus::succeeded);
}

BOOST_AUTO_TEST_CASE(the_hive_is_told_of_the_beginning_and_the_end_under_different_keys) {
  LoneCircuit circuit;
  circuit.offer_worker();
  std::set<messages::Key> keys;
  std::vector<RunStatus> told;
  const auto note = [&](const messages::AppliedEntry& made) {
    for (const auto& propose : of_kind<Propose>(made.effects)) {
      BOOST_CHECK(propose.circuit == messages::hive_circuit);
      keys.insert(propose.key);
      told.push_back(std::get<RunChanged>(propose.command).status);
    }
  };
  note(circuit.commit(begin_of(plan_of({when(exec("a"), "false")}))));  // over in one command
  BOOST_CHECK((told == std::vector{RunStatus::running, RunStatus::succeeded}));
  BOOST_TEST(keys.size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_run_is_abandoned_only_while_its_plan_has_not_come) {
  LoneCircuit with_plan(plan_of({exec("a")}));
  BOOST_TEST(with_plan.commit(messages::AbandonRun{"late"}).refused == "the run has its plan");
  BOOST_CHECK(with_plan.state().status == RunStatus::running);

  LoneCircuit without;
  BOOST_TEST(without.commit(messages::AbandonRun{"no plan came"}).refused.empty());
  BOOST_CHECK(without.state().status == RunStatus::cancelled);
  BOOST_TEST(without.state().reason == "no plan came");
}

BOOST_AUTO_TEST_CASE(zero_in_a_plan_is_zero_after_its_way_over_the_wire) {
  Plan plan = plan_of({retried(exec("a"), 3)});
  plan.steps[0].retry.backoff = {};
  plan.steps[0].retry.max = {};
  const auto back = messages::decode<Plan>(messages::encode(plan)).value();
  BOOST_CHECK(back.steps[0].retry.backoff == messages::Duration{});
  BOOST_CHECK(back.steps[0].retry.max == messages::Duration{});
}

BOOST_AUTO_TEST_CASE(a_plan_that_cannot_be_run_is_refused_and_another_may_come) {
  LoneCircuit circuit;
  BOOST_TEST(circuit.commit(messages::Begin{"\xff garbage", "h", "r", "k"}).refused ==
             "malformed Plan");
  BOOST_TEST(circuit.commit(begin_of(plan_of({}))).refused == "a plan has at least one step");
  BOOST_TEST(circuit.commit(begin_of(plan_of({exec("a", {0})}))).refused ==
             "the steps need each other in a circle");
  BOOST_TEST(circuit.commit(begin_of(plan_of({exec("a", {7})}))).refused ==
             "step 'a' needs a step that is not there");
  BOOST_CHECK(circuit.state().status == RunStatus::queued);
  BOOST_TEST(circuit.commit(begin_of(plan_of({exec("a")}))).refused.empty());
  BOOST_TEST(circuit.commit(begin_of(plan_of({exec("b")}))).refused ==
             "the run has its plan already");
  BOOST_TEST(circuit.commit(messages::OpenRun{}).refused == "not a command of a run's circuit");
  BOOST_TEST(circuit.running_steps().empty());
}

BOOST_AUTO_TEST_CASE(what_was_applied_is_not_applied_again_but_said_again_until_it_is_settled) {
  LoneCircuit circuit(plan_of({exec("a"), exec("b", {0})}));
  circuit.end("a", succeeded());
  const auto first = digest_of(circuit.applier.applied());
  circuit.applier.say_again();
  BOOST_CHECK(digest_of(circuit.applier.applied()) == first);
  BOOST_TEST(circuit.state().tasks.size() == 2U);
  circuit.end("b", succeeded());
  const auto& role = dynamic_cast<const Circuit&>(circuit.applier.role());
  BOOST_TEST(role.progress().unsettled.size() == 1U);
}

BOOST_AUTO_TEST_CASE(nothing_but_committed_changes_a_circuit) {
  LoneCircuit circuit(plan_of({exec("a")}));
  const auto before = circuit.applier.role().snapshot();
  messages::Booted boot;
  boot.node = queen_address.node;
  const auto booted = circuit.applier.take(boot);
  BOOST_TEST(booted.size() == 1U);  // where it stands, so that its queen knows it
  BOOST_TEST(circuit.applier.take(messages::Retired{}).empty());
  BOOST_TEST(circuit.applier.role().snapshot() == before);
  BOOST_CHECK_THROW(circuit.applier.take(messages::Due{}), messages::BrokenInvariant);
  BOOST_CHECK_THROW(circuit.applier.take(messages::Envelope{worker_address, {messages::Watch{}}}),
                    messages::BrokenInvariant);
}

BOOST_AUTO_TEST_CASE(a_circuit_restored_between_any_two_inputs_goes_on_as_if_nothing_had_been) {
  Plan plan = plan_of({retried(exec("a"), 2), fan_out("each", "vars.list", 2, {0}),
                       idempotent(exec("c")), when(exec("d", {1}), "always()")});
  plan.vars["list"] = Value::List{"x", "y", "z"};
  LoneCircuit circuit;
  circuit.commit(begin_of(plan));
  circuit.offer_worker();
  circuit.end("a", failed());
  circuit.end("c", lost());
  circuit.wait_for_deadline();
  circuit.end("a", succeeded("done"));
  circuit.applier.say_again();
  circuit.end("each", lost());
  circuit.end("each", succeeded());
  circuit.end("each", failed());
  circuit.end("c", succeeded());
  circuit.cancel("stop");
  circuit.end("d", cancelled());
  BOOST_CHECK(circuit.applier.applied().finished);
  const auto role = messages::circuit_role(LoneCircuit::circuit);
  messages::same_from_every_snapshot(
      circuit.applier.inputs(), *make_role(role),
      [role](const std::string& snapshot) { return restore_role(role, snapshot); });
}

BOOST_AUTO_TEST_CASE(a_quarantined_circuit_refuses_with_the_reason_for_ever) {
  const auto role = messages::circuit_role({7});
  const messages::Committed committed{{7},
                                      {{{3}, {}, {}, 1, messages::CancelRun{}, {1}, {1}, {1}},
                                       {{4}, {}, {}, 1, messages::TimePassed{}, {1}, {1}, {1}}},
                                      {2}};
  const messages::Input input{{}, {}, {}, {}, messages::Envelope{queen_address, {committed}}};
  messages::Effects effects;
  auto stand_in = RoleCatalogue(embedded_supervision())
                      .quarantine(role, make_role(role), input, "broken", effects);
  const auto first = effects.take();
  BOOST_REQUIRE(stand_in != nullptr);

  stand_in = restore_role(role, stand_in->snapshot());
  messages::Booted booted;
  booted.node = queen_address.node;
  stand_in->step({{}, {}, {}, {}, booted}, effects);
  BOOST_TEST(effects.take().size() == 1U);  // where it stands, so that its queen knows it
  stand_in->step(input, effects);
  const auto again = effects.take();
  BOOST_CHECK(digest_of(first.at(0)) == digest_of(again.at(0)));
  const auto& made = std::get<messages::Applied>(std::get<messages::Send>(again[0].body).items[0]);
  BOOST_TEST(made.entries.size() == 2U);
  BOOST_TEST(made.entries[1].refused == "quarantined: broken");
  BOOST_TEST(made.quarantined == "broken");
  BOOST_TEST(made.finished);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace queenright::roles
