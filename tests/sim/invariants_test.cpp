#include <boost/test/unit_test.hpp>

#include "messages/writer.hpp"
#include "sim/campaign/trial.hpp"
#include "sim/invariants/all.hpp"
#include "sim/invariants/attempt_invariants.hpp"

namespace queenright::sim {
namespace {
BOOST_AUTO_TEST_SUITE(invariants)

using messages::AttemptEnd;
using messages::AttemptId;

constexpr NodeId queen{1};
constexpr NodeId worker{2};
constexpr messages::CircuitId the_run{1};

AttemptId attempt(std::uint32_t number) { return {the_run, {1}, {number}}; }

/// A circuit of one step and one task, which stands where the test says.
class Standing : public roles::Circuit {
 public:
  Standing(bool idempotent, const std::vector<AttemptEnd>& ended) : Circuit(the_run) {
    roles::CircuitState state;
    state.circuit = the_run;
    state.plan.steps.resize(1);
    state.plan.steps[0].id = "pay";
    state.plan.steps[0].idempotent = idempotent;
    state.steps.resize(1);
    state.tasks.resize(1);
    for (const AttemptEnd end : ended) {
      roles::AttemptRecord record;
      record.ended = true;
      record.outcome.end = end;
      state.tasks[0].attempts.push_back(record);
    }
    state.tasks[0].attempts.emplace_back();
    BOOST_REQUIRE(take_state(messages::encode(state)));
  }

  /// Its step needs something, and this was told of the worker who gets it.
  void placed_with(const messages::WorkerNeed& need, const messages::OfferWorker& told) {
    roles::CircuitState changed = state();
    changed.plan.steps[0].worker = need;
    changed.workers[told.worker].told = told;
    BOOST_REQUIRE(take_state(messages::encode(changed)));
  }
};

/// What the circuit and its worker do, as the invariants see it.
struct Scene {
  AttemptInvariants invariants;

  void turn(const messages::Role* after, messages::Input::Body body,
            const std::vector<messages::Effect>& effects) {
    messages::Input input;
    input.body = std::move(body);
    invariants.turned(
        {{}, queen, messages::circuit_role(the_run), {}, {}, after, input, effects, ""});
  }
  /// An entry of the log is applied, and the last attempt of the circuit is started by it.
  void orders(const Standing& standing, messages::Command command = messages::TimePassed{}) {
    messages::CommittedEntry entry;
    entry.index = {7};
    entry.command = std::move(command);
    messages::StartAttempt start;
    start.attempt = attempt(static_cast<std::uint32_t>(standing.state().tasks[0].attempts.size()));
    messages::AppliedEntry made;
    made.index = {7};
    made.effects.push_back(start);
    messages::Send send;
    send.items.push_back(messages::Applied{the_run, {made}, {}, false, {}, {}});
    turn(&standing,
         messages::Envelope{{queen, messages::queen_role()},
                            {messages::Committed{the_run, {entry}, {}}}},
         {messages::Effect{send}});
  }
  void spawns(std::uint32_t number) {
    const messages::Effect effect{messages::Spawn{attempt(number), {}}};
    invariants.released({{}, worker, {}, effect});
  }
  void exits(std::uint32_t number) {
    turn(nullptr, messages::ChildExited{attempt(number), {}}, {});
  }

  std::string seen() const {
    std::string all;
    for (const auto& one : invariants.violations()) all += one.invariant + ": " + one.what + "\n";
    return all;
  }
};

const std::string started_again =
    "once: a step of circuit 1 is not idempotent, and started again though nobody knows how it "
    "ended\n";
const std::string tried_again =
    "once: step 'pay' of circuit 1 is not idempotent, and tried again though nobody knows how it "
    "ended\n";

BOOST_AUTO_TEST_CASE(an_attempt_that_is_started_twice_is_seen) {
  Scene scene;
  scene.spawns(1);
  BOOST_TEST(scene.seen() == "");
  scene.spawns(1);
  BOOST_TEST(scene.seen() == "once: an attempt of circuit 1 was started twice\n");
}

BOOST_AUTO_TEST_CASE(a_step_that_is_tried_again_after_an_unknown_end_is_seen_unless_it_may_be) {
  Scene scene;
  scene.orders({false, {AttemptEnd::exited}});
  scene.orders({true, {AttemptEnd::unknown}});
  BOOST_TEST(scene.seen() == "");
  scene.orders({false, {AttemptEnd::unknown}});
  BOOST_TEST(scene.seen() == tried_again);
}

BOOST_AUTO_TEST_CASE(a_person_may_have_a_step_of_unknown_end_tried_again) {
  Scene scene;
  scene.spawns(1);
  scene.orders({false, {AttemptEnd::unknown}},
               messages::ResolveStep{"pay", messages::Resolution::retry});
  scene.spawns(2);
  BOOST_TEST(scene.seen() == "");
  scene.orders({false, {AttemptEnd::unknown, AttemptEnd::unknown}});
  BOOST_TEST(scene.seen() == tried_again);
}

BOOST_AUTO_TEST_CASE(to_skip_a_step_or_to_decide_about_another_is_no_leave_to_try_it_again) {
  for (const auto& decision : {messages::ResolveStep{"pay", messages::Resolution::skip},
                               messages::ResolveStep{"other", messages::Resolution::retry}}) {
    Scene scene;
    scene.orders({false, {AttemptEnd::unknown}}, decision);
    BOOST_TEST(scene.seen() == tried_again);
  }
}

BOOST_AUTO_TEST_CASE(no_task_goes_to_a_worker_that_lacks_what_it_needs_or_is_lost_or_demoted) {
  using messages::WorkerStanding;
  const auto violations = [](const messages::WorkerNeed& need, WorkerStanding standing) {
    messages::OfferWorker told;
    told.offer.capabilities = {"gpu"};
    told.standing = standing;
    Standing standing_circuit(false, {});
    standing_circuit.placed_with(need, told);
    Scene scene;
    scene.orders(standing_circuit);
    return scene.invariants.violations().size();
  };
  const messages::WorkerNeed gpu{{"gpu"}, {}, 0, {}};
  for (const auto standing :
       {WorkerStanding::good, WorkerStanding::probation, WorkerStanding::degraded})
    BOOST_TEST(violations(gpu, standing) == 0U);
  for (const auto standing : {WorkerStanding::demoted, WorkerStanding::lost})
    BOOST_TEST(violations(gpu, standing) == 1U);
  BOOST_TEST(violations({{}, {}, 0, "eu"}, WorkerStanding::good) == 1U);
}

BOOST_AUTO_TEST_CASE(what_really_started_and_never_ended_is_not_started_again_whatever_is_said) {
  Scene scene;
  scene.spawns(1);
  scene.orders({false, {AttemptEnd::not_started}});  // a lie
  BOOST_TEST(scene.seen() == "");
  scene.spawns(2);
  BOOST_TEST(scene.seen() == started_again);

  Scene honest;
  honest.spawns(1);
  honest.exits(1);
  honest.orders({false, {AttemptEnd::exited}});
  honest.spawns(2);
  BOOST_TEST(honest.seen() == "");
}

BOOST_AUTO_TEST_CASE(a_hive_without_workers_has_runs_that_wait_and_that_is_no_violation) {
  TrialSetup setup;
  setup.options.workers = 0;
  setup.options.clients = 3;
  setup.watchers = [] { return invariants_for({}, true); };
  Trial trial(setup);
  const auto result = trial.run();
  BOOST_TEST((result.violations.empty() ? "" : result.violations[0].what) == "");
  std::size_t open = 0;
  for (const auto& client : trial.world().clients())
    for (const auto& run : client->runs()) open += run.over ? 0 : 1;
  BOOST_TEST(open > 0U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace queenright::sim
