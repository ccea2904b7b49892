#include <boost/test/unit_test.hpp>

#include "actors/roles/report.hpp"
#include "messages/exit_code.hpp"
#include "tests/actors/roles/lone_circuit.hpp"

/// Steps that a person has to agree to.
namespace queenright::roles {
namespace {
BOOST_AUTO_TEST_SUITE(circuit_approval)

using messages::ApproveStep;
using messages::RunStatus;
using messages::Verdict;
using Names = std::vector<std::string>;

/// "publish" waits for ops or anna, an hour.
Plan asking() {
  auto plan = plan_of({exec("pack"), exec("publish", {0}), exec("announce", {1})});
  plan.steps[1].approval = Approval{{"ops", "anna"}, std::chrono::hours{1}, "writes to the share"};
  std::get<ExecTemplate>(plan.steps[1].work).argv = {"publish", "${{ steps.pack.output }}"};
  return plan;
}

struct Asking {
  LoneCircuit circuit{asking()};

  Asking() { circuit.end("pack", succeeded("1.0")); }

  std::string refused(const ApproveStep& decision) { return circuit.commit(decision).refused; }
  const ApprovalRun& approval() const { return *circuit.step("publish").approval; }
};

ApproveStep approve(std::string who) {
  return {"publish", {}, Verdict::approve, std::move(who), {}};
}

ApproveStep reject(std::string who, std::string why) {
  return {"publish", {}, Verdict::reject, std::move(who), std::move(why)};
}

BOOST_FIXTURE_TEST_CASE(nothing_of_a_step_begins_before_somebody_has_agreed, Asking) {
  BOOST_TEST(circuit.running_steps().empty());
  BOOST_CHECK(circuit.state().status == RunStatus::awaiting_operator);
  BOOST_TEST(circuit.step("publish").reason == "waits for an approval: writes to the share");
  BOOST_TEST(refused(approve("anna")) == "");
  BOOST_TEST((circuit.running_steps() == Names{"publish"}));
  BOOST_CHECK(circuit.state().status == RunStatus::running);
  circuit.end("publish", succeeded());
  circuit.end("announce", succeeded());
  BOOST_CHECK(circuit.state().status == RunStatus::succeeded);
}

BOOST_FIXTURE_TEST_CASE(who_decided_and_when_is_recorded, Asking) {
  auto decision = approve("anna");
  decision.comment = "looks well";
  refused(decision);
  const auto report = report_of(circuit.state());
  const auto& step = *(*report.map()->at("steps").list())[1].map();
  const auto& told = *step.at("approval").map();
  BOOST_TEST(*told.at("status").text() == "approved");
  BOOST_TEST(*told.at("approver").text() == "anna");
  BOOST_TEST(*told.at("comment").text() == "looks well");
  BOOST_TEST(!told.at("decided").is_null());
}

BOOST_FIXTURE_TEST_CASE(a_step_that_is_rejected_has_failed_with_the_reason, Asking) {
  BOOST_TEST(refused(reject("ops", "not on a Friday")) == "");
  BOOST_CHECK(circuit.status("publish") == TaskStatus::failed);
  BOOST_CHECK(circuit.state().status == RunStatus::failed);
  BOOST_TEST(circuit.state().reason == "step 'publish': rejected by ops: not on a Friday");
}

BOOST_FIXTURE_TEST_CASE(deciding_twice_is_refused, Asking) {
  refused(approve("anna"));
  BOOST_TEST(refused(approve("ops")) == "step 'publish' is approved already, by anna");
}

BOOST_FIXTURE_TEST_CASE(deciding_in_anothers_place_is_refused, Asking) {
  BOOST_TEST(refused(approve("eve")) == "'eve' may not decide about step 'publish': ops, anna may");
  BOOST_TEST(circuit.running_steps().empty());
}

BOOST_FIXTURE_TEST_CASE(an_approval_that_nobody_gives_in_time_fails_its_step, Asking) {
  circuit.wait_for_deadline();
  BOOST_CHECK(circuit.status("publish") == TaskStatus::failed);
  BOOST_CHECK(circuit.state().status == RunStatus::failed);
  BOOST_TEST(circuit.state().reason == "step 'publish': nobody has approved it in time");
}

BOOST_AUTO_TEST_CASE(approving_after_the_expiry_is_refused) {
  auto plan = asking();
  plan.steps[1].fallback = 3;
  plan.steps.push_back(exec("keep"));
  LoneCircuit circuit(plan);
  circuit.end("pack", succeeded());
  circuit.wait_for_deadline();
  BOOST_TEST((circuit.running_steps() == Names{"keep"}));
  BOOST_TEST(circuit.commit(approve("anna")).refused ==
             "the time to approve step 'publish' is over");
}

BOOST_FIXTURE_TEST_CASE(what_was_seen_and_has_changed_can_not_be_approved, Asking) {
  auto decision = approve("anna");
  decision.hash = approval().hash;
  LoneCircuit other(asking());
  other.end("pack", succeeded("1.1"));  // another input
  BOOST_TEST(other.commit(decision).refused ==
             "what is to be approved is not what was seen: it is " +
                 other.step("publish").approval->hash);
  BOOST_TEST(refused(decision) == "");
}

BOOST_FIXTURE_TEST_CASE(the_same_inputs_of_the_same_plan_have_the_same_hash, Asking) {
  Asking again;
  BOOST_TEST(approval().hash == again.approval().hash);
  BOOST_TEST(approval().hash.starts_with("sha256:"));
}

BOOST_FIXTURE_TEST_CASE(a_decision_without_a_step_is_about_the_only_one_that_waits, Asking) {
  auto decision = approve("anna");
  decision.step.clear();
  BOOST_TEST(refused(decision) == "");
  BOOST_TEST((circuit.running_steps() == Names{"publish"}));
  BOOST_TEST(
      refused(decision) ==
      "no step of the run waits for an approval; step 'publish' is approved already, by anna");
}

BOOST_AUTO_TEST_CASE(a_decision_without_a_step_is_refused_when_several_wait) {
  auto plan = plan_of({wait("a", {}), wait("b", {})});
  plan.steps[0].approval = plan.steps[1].approval = Approval{};
  LoneCircuit circuit(plan);
  BOOST_TEST(circuit.commit(ApproveStep{}).refused == "several steps wait: name one of a, b");
  BOOST_TEST(circuit.commit(ApproveStep{"a", {}, Verdict::approve, "anybody", {}}).refused == "");
  BOOST_CHECK(circuit.state().status == RunStatus::awaiting_operator);
  BOOST_TEST(circuit.commit(ApproveStep{}).refused == "");
  BOOST_CHECK(circuit.state().status == RunStatus::succeeded);  // there was nothing else to do
}

BOOST_FIXTURE_TEST_CASE(a_run_that_waits_for_consent_can_be_cancelled, Asking) {
  circuit.cancel("stop");
  BOOST_CHECK(circuit.state().status == RunStatus::cancelled);
  BOOST_TEST(!circuit.applier.applied().deadline.has_value());
}

BOOST_AUTO_TEST_CASE(other_steps_go_on_while_one_waits_for_consent) {
  auto plan = plan_of({exec("asks"), exec("works")});
  plan.steps[0].approval = Approval{};
  LoneCircuit circuit(plan);
  BOOST_CHECK(circuit.state().status == RunStatus::running);
  BOOST_TEST((circuit.running_steps() == Names{"works"}));
  circuit.end("works", succeeded());
  BOOST_CHECK(circuit.state().status == RunStatus::awaiting_operator);
  BOOST_TEST(circuit.state().exit_code == 0);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace queenright::roles
