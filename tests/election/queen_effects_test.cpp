#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "tests/election/lone_queen.hpp"

/// A-R20, A-R13: what circuits want done is said until somebody holds it.
namespace queenright::election {
namespace {
BOOST_AUTO_TEST_SUITE(queen_effects)

using messages::hive_circuit;
using messages::Propose;
using messages::RunChanged;
using messages::RunStatus;
using std::chrono::milliseconds;
using std::chrono::seconds;

std::vector<EffectId> ids_of(std::vector<messages::SinkEffect> effects) {
  std::vector<EffectId> ids;
  for (const auto& effect : effects) ids.push_back(effect.id);
  return ids;
}

Propose proposal(const std::string& key) {
  return {hive_circuit, {key, 0}, RunChanged{first_run, RunStatus::running, 0, {}}};
}

/// The run's circuit wants no further command.
void finish(LoneQueen& queen, std::vector<CircuitEffect> effects = {}) {
  queen.submit(cancel(first_run, "finishes"), client);
  queen.sync();
  queen.applied({first_run, {made_of(only(queen.committed), std::move(effects))}, {}, true, {}});
}

BOOST_AUTO_TEST_CASE(an_effect_goes_to_its_sink_with_its_identity_and_the_epoch) {
  LoneQueen queen = with_effects({start_attempt(1), start_attempt(2)});
  const auto effects = taken(queen.effects);
  BOOST_TEST(effects.size() == 2U);
  BOOST_TEST(effects[0].epoch.value == 1U);
  BOOST_TEST(effects[0].id.index.value == 2U);
  BOOST_TEST(effects[0].id.ordinal.value == 0U);
  BOOST_TEST(effects[1].id.ordinal.value == 1U);
}

// A-R20: twice a hello interval.
BOOST_AUTO_TEST_CASE(an_unconfirmed_effect_is_said_again_every_100_ms) {
  LoneQueen queen = with_effects({start_attempt(1), start_attempt(2)});
  const auto first = taken(queen.effects);
  const auto said = queen.now();
  for (int i = 1; i <= 3; ++i) {
    queen.due();
    BOOST_CHECK(queen.now() == said + i * milliseconds{100});
    BOOST_CHECK(ids_of(taken(queen.effects)) == ids_of(first));
  }
}

// A-R20: or one that was lost would wait as long as there is work for others.
BOOST_AUTO_TEST_CASE(an_unconfirmed_effect_does_not_wait_for_those_that_are_confirmed) {
  LoneQueen queen = with_effects({start_attempt(1), start_attempt(2)});
  const auto effects = taken(queen.effects);
  const auto said = queen.now();
  queen.wait(milliseconds{60});
  queen.acknowledge(effects[1]);
  while (queen.effects.empty()) {
    queen.due();
    queen.sync();
  }
  BOOST_CHECK(queen.now() == said + milliseconds{100});
  BOOST_CHECK(ids_of(taken(queen.effects)) == std::vector{effects[0].id});
}

BOOST_AUTO_TEST_CASE(after_a_boot_effects_are_said_again_under_a_higher_epoch_when_she_leads) {
  LoneQueen queen = with_effects({start_attempt(1), start_attempt(2)});
  const auto first = taken(queen.effects);
  queen.boot_again();
  BOOST_TEST(queen.effects.empty());
  queen.sync();
  const auto again = taken(queen.effects);
  BOOST_CHECK(ids_of(again) == ids_of(first));
  BOOST_TEST(again.at(0).epoch.value == 2U);
}

BOOST_AUTO_TEST_CASE(effects_of_what_is_applied_before_she_leads_wait_until_she_does) {
  LoneQueen queen = leading_a_run();
  queen.submit(cancel(first_run, "asks"), client);
  queen.sync();
  queen.boot_again();
  queen.applied(first_run, made_of(only(queen.committed), {start_attempt(1), proposal("p")}));
  BOOST_TEST(queen.effects.empty());
  BOOST_TEST(queen.state().requests.proposals.empty());
  queen.sync();
  BOOST_TEST(queen.effects.size() == 1U);
  BOOST_TEST(only(queen.committed).circuit.value == 0U);
}

BOOST_AUTO_TEST_CASE(confirmations_are_batched_into_one_entry) {
  LoneQueen queen = with_effects({start_attempt(1), start_attempt(2), start_attempt(3)});
  const auto length = queen.replica(first_run).log.length.value;
  const auto began = queen.now();
  for (const auto& effect : taken(queen.effects)) queen.acknowledge(effect);
  queen.due();
  BOOST_CHECK(queen.now() == began + milliseconds{25});
  queen.sync();
  BOOST_TEST(queen.replica(first_run).log.length.value == length + 1);
  BOOST_TEST(queen.replica(first_run).log.effects.empty());
  BOOST_CHECK(!queen.deadline().has_value());

  queen.boot_again();
  queen.sync();
  BOOST_TEST(queen.effects.empty());
}

BOOST_AUTO_TEST_CASE(a_confirmation_that_was_not_in_the_log_is_asked_for_again_after_a_crash) {
  LoneQueen queen = with_effects({start_attempt(1)});
  queen.acknowledge(only(queen.effects));
  queen.boot_again();
  queen.sync();
  BOOST_TEST(queen.effects.size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_refused_effect_is_not_confirmed) {
  LoneQueen queen = with_effects({start_attempt(1)});
  const auto effect = only(queen.effects);
  queen.acknowledge(effect, true);
  queen.due();
  BOOST_CHECK(ids_of(taken(queen.effects)) == std::vector{effect.id});
}

BOOST_AUTO_TEST_CASE(repeated_acknowledgements_of_one_effect_do_not_stand_for_another) {
  LoneQueen queen = with_effects({start_attempt(1), start_attempt(2)});
  const auto effects = taken(queen.effects);
  for (int i = 0; i < 3; ++i) queen.acknowledge(effects[0]);
  for (int i = 0; i < 3 && queen.effects.empty(); ++i) {
    queen.due();
    queen.sync();
  }
  BOOST_CHECK(ids_of(taken(queen.effects)) == std::vector{effects[1].id});
}

// A-R13.
BOOST_AUTO_TEST_CASE(a_finished_circuit_closes_when_every_effect_is_confirmed) {
  LoneQueen queen = leading_a_run();
  finish(queen, {start_attempt(1), start_attempt(2)});
  const auto effects = taken(queen.effects);
  queen.acknowledge(effects[0]);
  queen.sync();
  BOOST_TEST(queen.retired.empty());
  queen.due();
  queen.sync();
  BOOST_TEST(queen.retired.empty());
  queen.acknowledge(effects[1]);
  queen.sync();
  BOOST_CHECK(only(queen.retired) == messages::circuit_role(first_run));
  BOOST_TEST(queen.state().agreement.replicas.size() == 1U);
  BOOST_CHECK(!queen.deadline().has_value());
}

// A-R13.
BOOST_AUTO_TEST_CASE(a_circuit_retires_only_after_its_close_is_synced) {
  LoneQueen queen = leading_a_run();
  finish(queen);
  BOOST_TEST(queen.selves.size() == 1U);
  BOOST_TEST(queen.retired.empty());
  queen.boot_again();
  queen.sync();
  BOOST_TEST(queen.retired.size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_proposal_is_confirmed_by_the_answer_of_the_other_circuit) {
  for (const std::string refused : {"", "not possible"}) {
    LoneQueen queen = with_effects({proposal("p")});
    queen.sync();
    auto made = made_of(only(queen.committed));
    made.refused = refused;
    queen.applied(hive_circuit, made);
    BOOST_TEST(queen.replies.empty());
    queen.due();
    queen.sync();
    BOOST_TEST(queen.replica(first_run).log.effects.empty());
    BOOST_TEST(queen.state().requests.proposals.empty());
  }
}

BOOST_AUTO_TEST_CASE(a_circuit_that_a_crash_kept_beyond_its_close_retires_at_the_next_start) {
  LoneQueen queen = leading_a_run();
  finish(queen);
  queen.sync();
  queen.retired.clear();
  queen.boot_again();
  queen.applied({first_run, {}, {}, true, {}});  // it has booted too
  BOOST_CHECK(only(queen.retired) == messages::circuit_role(first_run));
}

BOOST_AUTO_TEST_CASE(a_proposal_is_made_again_after_a_boot_and_done_once) {
  LoneQueen queen = with_effects({proposal("p")});
  queen.boot_again();
  queen.sync();
  const auto committed = only(queen.committed);
  BOOST_TEST(committed.entries.size() == 1U);
  queen.applied(hive_circuit, made_of(committed));
  queen.due();
  queen.sync();
  BOOST_TEST(queen.replica(first_run).log.effects.empty());
}

BOOST_AUTO_TEST_CASE(a_proposal_to_a_fresh_circuit_waits_until_that_is_led) {
  LoneQueen queen = leading();
  queen.submit(open_run("k"), client);
  queen.sync();
  const Propose told{first_run, {"worker/1", 1}, messages::TimePassed{}};
  queen.applied(hive_circuit,
                made_of(only(queen.committed), {messages::OpenCircuit{first_run, {1}}, told}));
  BOOST_TEST(queen.replica(first_run).requests.size() == 1U);
  queen.sync();
  const auto committed = only(queen.committed);
  BOOST_TEST(committed.circuit.value == 1U);
  BOOST_CHECK(std::holds_alternative<messages::TimePassed>(committed.entries.at(0).command));
}

BOOST_AUTO_TEST_CASE(a_quarantined_circuit_makes_the_hive_record_its_failure) {
  LoneQueen queen = leading_a_run();
  queen.watch(first_run, client);
  queen.submit(cancel(first_run, "c"), client);
  queen.sync();
  auto made = made_of(only(queen.committed));
  made.refused = "quarantined: broken";
  queen.applied({first_run, {made}, {}, true, "broken"});
  BOOST_TEST(only(queen.events).events.at(0).state == "failed");
  BOOST_CHECK(only(queen.replies).answered == Answered::refused);
  queen.submit(cancel(first_run, "d"), client);
  BOOST_CHECK(only(queen.replies).answered == Answered::closed);

  for (const bool again : {false, true}) {  // a crash before the hive has it changes nothing
    if (again) queen.boot_again();
    queen.sync();
    const auto committed =
        std::find_if(queen.committed.begin(), queen.committed.end(),
                     [](const auto& one) { return one.circuit == hive_circuit; });
    BOOST_REQUIRE(committed != queen.committed.end());
    BOOST_TEST(committed->entries.size() == 1U);
    const auto& changed = std::get<RunChanged>(committed->entries.at(0).command);
    BOOST_CHECK(changed.status == RunStatus::failed);
    BOOST_TEST(changed.exit_code == 1);
    BOOST_TEST(changed.reason == "quarantined: broken");
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace queenright::election
