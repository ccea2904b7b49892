#include <boost/test/unit_test.hpp>

#include "messages/ensure.hpp"
#include "tests/actors/roles/lone_worker.hpp"
#include "tests/restored_anywhere.hpp"

/// Slots, fences and time: what a worker does with what it is told.
namespace queenright::roles {
namespace {
BOOST_AUTO_TEST_SUITE(worker)

using messages::Answered;
using messages::AttemptEnd;
using messages::AttemptId;
using std::chrono::seconds;
using Ids = std::vector<AttemptId>;

BOOST_AUTO_TEST_CASE(slots_are_given_in_the_order_of_arrival) {
  LoneWorker worker(2);
  for (const std::uint32_t task : {5U, 3U, 9U, 1U}) worker.start(attempt(task));
  BOOST_CHECK((worker.spawned() == Ids{attempt(5), attempt(3)}));
  worker.exit(attempt(3), succeeded());
  BOOST_CHECK((worker.spawned() == Ids{attempt(9)}));
  worker.exit(attempt(5), failed());
  BOOST_CHECK((worker.spawned() == Ids{attempt(1)}));
}

BOOST_AUTO_TEST_CASE(what_is_spawned_is_what_was_wanted) {
  LoneWorker worker(1);
  worker.start(attempt(4));
  BOOST_TEST(worker.spawns.at(0).exec.argv == (std::vector<std::string>{"do", "4"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(work_that_does_nothing_is_done_without_a_child_and_without_end) {
  LoneWorker worker(1);
  for (std::uint32_t task = 1; task <= 3; ++task) worker.start_noop(attempt(task));
  BOOST_TEST(worker.spawns.empty());
  BOOST_TEST(worker.results.size() == 3U);
  BOOST_CHECK(outcome_in(worker.results[2]).end == AttemptEnd::exited);
}

// A-R20: accepted for good, and only then acknowledged (the mark holds the ack until it is synced).
BOOST_AUTO_TEST_CASE(what_is_wanted_is_acknowledged_with_its_identity) {
  LoneWorker worker(1);
  const auto effect = worker.want(messages::EndAttempt{worker_address, attempt(1)}, 3);
  const auto& ack = worker.acks.at(0);
  BOOST_CHECK(ack.id == effect.id);
  BOOST_TEST(ack.epoch.value == 3U);
  BOOST_TEST(!ack.refused);
  BOOST_CHECK(release_of(messages::Item(ack)) == messages::Release::held);
}

// A-R20.
BOOST_AUTO_TEST_CASE(a_repeat_is_acknowledged_and_not_done_again) {
  LoneWorker worker(1);
  const auto effect = worker.want(messages::StartAttempt{worker_address,
                                                         attempt(1),
                                                         messages::Exec{{"do"}, {}, {}, {}, {}},
                                                         {},
                                                         worker.state().session});
  auto under_a_new_root = effect;
  under_a_new_root.epoch = {2};
  for (const auto& again : {effect, under_a_new_root}) worker.say(again);
  worker.exit(attempt(1), succeeded());
  worker.say(under_a_new_root);
  BOOST_TEST(worker.acks.size() == 4U);
  BOOST_TEST(worker.spawns.size() == 1U);
}

// R18.
BOOST_AUTO_TEST_CASE(an_older_root_is_refused_with_the_epoch_that_fenced_it) {
  LoneWorker worker(1);
  worker.want(messages::EndAttempt{worker_address, attempt(9)}, 5);
  worker.acks.clear();
  const auto late = worker.want(messages::StartAttempt{worker_address,
                                                       attempt(1),
                                                       messages::Exec{{"do"}, {}, {}, {}, {}},
                                                       {},
                                                       worker.state().session},
                                4);
  BOOST_TEST(worker.acks.at(0).refused);
  BOOST_TEST(worker.acks[0].epoch.value == 5U);
  BOOST_TEST(worker.spawns.empty());

  worker.boot(1);  // the fence outlives a crash
  worker.acks.clear();
  worker.say(late);
  BOOST_TEST(worker.acks.at(0).refused);
}

BOOST_AUTO_TEST_CASE(a_fence_is_of_one_circuit_alone) {
  LoneWorker worker(2);
  worker.want(messages::EndAttempt{worker_address, attempt(9)}, 5);
  worker.start(attempt(1, 1, {2}));
  BOOST_TEST(worker.spawns.size() == 1U);
}

BOOST_AUTO_TEST_CASE(after_its_time_an_attempt_is_told_to_end_and_five_seconds_later_killed) {
  LoneWorker worker(1);
  const auto begin = worker.now();
  worker.start(attempt(1), seconds{60});
  worker.answer(worker.enrolments.at(0), Answered::ok);
  BOOST_CHECK(worker.deadline() == begin + seconds{60});
  worker.due();
  BOOST_TEST(worker.ends.size() == 1U);
  BOOST_TEST(!worker.ends[0].force);
  BOOST_CHECK(worker.deadline() == begin + seconds{65});
  worker.due();
  BOOST_TEST(worker.ends.size() == 2U);
  BOOST_TEST(worker.ends[1].force);
  BOOST_CHECK(!worker.deadline().has_value());
  BOOST_TEST(worker.results.empty());

  auto outcome = failed();
  outcome.end = AttemptEnd::signalled;
  outcome.signal = 9;
  worker.exit(attempt(1), outcome);
  BOOST_CHECK(outcome_in(worker.results.at(0)).end == AttemptEnd::timed_out);
  BOOST_TEST(outcome_in(worker.results[0]).signal == 9);
}

/// Files that it has made may be on their way when its time is over.
BOOST_AUTO_TEST_CASE(a_child_that_has_exited_in_time_has_not_timed_out_though_it_is_told_later) {
  LoneWorker worker(1);
  worker.answer(worker.enrolments.at(0), Answered::ok);
  worker.start(attempt(1), seconds{60});
  worker.due();
  BOOST_TEST(worker.ends.size() == 1U);
  worker.exit(attempt(1), succeeded("made"), LoneWorker::Told::too_late);
  const auto outcome = outcome_in(worker.results.at(0));
  BOOST_CHECK(outcome.end == AttemptEnd::exited);
  BOOST_CHECK(outcome.output == messages::Value("made"));
}

BOOST_AUTO_TEST_CASE(an_attempt_without_a_time_limit_has_none) {
  LoneWorker worker(1);
  worker.answer(worker.enrolments.at(0), Answered::ok);
  worker.start(attempt(1));
  BOOST_CHECK(!worker.deadline().has_value());
}

BOOST_AUTO_TEST_CASE(the_time_of_an_attempt_begins_when_it_gets_its_slot) {
  LoneWorker worker(1);
  worker.answer(worker.enrolments.at(0), Answered::ok);
  worker.start(attempt(1), seconds{60});
  worker.start(attempt(2), seconds{60});
  worker.due();
  worker.exit(attempt(1), failed());
  worker.answer(worker.results.at(0), Answered::ok);
  BOOST_CHECK(worker.deadline() == worker.now() + seconds{60});
}

BOOST_AUTO_TEST_CASE(a_cancelled_attempt_is_ended_or_never_started) {
  LoneWorker worker(1);
  worker.start(attempt(1));
  worker.start(attempt(2));
  worker.end(attempt(2));  // has no slot yet
  BOOST_CHECK(attempt_in(worker.results.at(0)) == attempt(2));
  BOOST_CHECK(outcome_in(worker.results[0]).end == AttemptEnd::cancelled);
  worker.end(attempt(1));
  worker.end(attempt(1));  // is told once
  BOOST_TEST(worker.ends.size() == 1U);
  worker.exit(attempt(1), succeeded());
  BOOST_CHECK(outcome_in(worker.results.at(1)).end == AttemptEnd::cancelled);
  worker.end(attempt(1));  // is over
  BOOST_TEST(worker.results.size() == 2U);
  BOOST_TEST(worker.spawned().size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_child_that_could_not_be_started_is_reported_as_that_even_when_it_was_ended) {
  LoneWorker worker(1);
  worker.start(attempt(1));
  worker.end(attempt(1));
  auto outcome = failed();
  outcome.end = AttemptEnd::not_started;
  worker.exit(attempt(1), outcome);
  BOOST_CHECK(outcome_in(worker.results.at(0)).end == AttemptEnd::not_started);
}

BOOST_AUTO_TEST_CASE(a_circuit_that_is_over_leaves_nothing_behind) {
  LoneWorker worker(1);
  worker.start(attempt(1));
  worker.start(attempt(2));
  worker.start(attempt(1, 1, {2}));
  worker.exit(attempt(1), succeeded());  // attempt 2 gets the slot; the result of 1 is not taken
  worker.clean_up(run_circuit);
  BOOST_TEST(worker.ends.at(0).force);
  BOOST_CHECK(worker.ends[0].attempt == attempt(2));
  BOOST_TEST(worker.sweeps.size() == 1U);
  BOOST_CHECK((worker.spawned() == Ids{attempt(1), attempt(2), attempt(1, 1, {2})}));
  BOOST_TEST(worker.state().outbox.empty());
  BOOST_TEST(worker.state().attempts.size() == 1U);

  worker.results.clear();
  worker.exit(attempt(2), failed());  // its child's end is nobody's business any more
  BOOST_TEST(worker.results.empty());
  worker.exit(attempt(1, 1, {2}), succeeded());
  worker.start(attempt(3));  // of the circuit that is over: a late repeat
  BOOST_TEST(worker.spawned().empty());
}

BOOST_AUTO_TEST_CASE(a_repeated_clean_up_sweeps_again_and_is_not_remembered) {
  LoneWorker worker(1);
  for (std::uint64_t circuit = 1; circuit <= 100; ++circuit) worker.clean_up({circuit});
  worker.clean_up({100});
  BOOST_TEST(worker.sweeps.size() == 101U);
  BOOST_TEST(worker.acks.size() == 101U);
  BOOST_TEST(worker.state().fences.at(messages::hive_circuit).seen.empty());
}

// R18: the fences that matter stay.
BOOST_AUTO_TEST_CASE(of_too_many_fences_the_oldest_of_circuits_that_are_over_go) {
  LoneWorker worker(1);
  worker.want(messages::EndAttempt{worker_address, attempt(9)}, 5);
  for (std::uint64_t circuit = 2; circuit < 65'540; ++circuit) worker.clean_up({circuit});
  const auto fences = worker.state().fences;
  BOOST_TEST(fences.size() == 65'536U);
  BOOST_TEST(fences.contains(messages::hive_circuit));
  BOOST_TEST(fences.contains(run_circuit));
  BOOST_TEST(!fences.contains({2}));
}

BOOST_AUTO_TEST_CASE(a_draining_worker_starts_nothing_and_stops_its_node_when_it_is_idle) {
  LoneWorker worker(1);
  worker.start(attempt(1));
  worker.start(attempt(2));
  worker.drain("interrupted", 130);
  BOOST_TEST(worker.stops.empty());
  worker.exit(attempt(1), succeeded());
  BOOST_CHECK((worker.spawned() == Ids{attempt(1)}));
  BOOST_TEST(worker.stops.at(0).exit_code == 130);
  BOOST_TEST(worker.stops[0].reason == "interrupted");

  LoneWorker idle(1);
  idle.drain("interrupted", 130);
  BOOST_TEST(idle.stops.size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_worker_tells_its_own_node_what_it_does_and_nobody_else) {
  LoneWorker worker(1);
  worker.start(attempt(1));
  worker.start(attempt(2));
  const messages::Inspect question{{"watchdog", 3}, {}, {}};
  worker.hear({{1}, {messages::RoleKind::client, 0}}, question);
  BOOST_REQUIRE(worker.answers.size() == 1U);
  BOOST_CHECK(worker.answers[0].key == question.key);
  const messages::Value seen =
      messages::Value::Map{{"queued", std::int64_t{1}}, {"running", std::int64_t{1}}};
  BOOST_CHECK(worker.answers[0].value == seen);
  worker.hear({{2}, messages::queen_role()}, question);
  BOOST_TEST(worker.answers.size() == 1U);
}

BOOST_AUTO_TEST_CASE(an_item_that_is_not_for_workers_breaks_an_invariant_or_comes_from_elsewhere) {
  LoneWorker worker(1);
  worker.hear({{2}, messages::queen_role()}, messages::Watch{});
  worker.hear({{3}, messages::worker_role()}, messages::Committed{});
  BOOST_TEST(worker.state().dropped == 2U);
  BOOST_CHECK_THROW(worker.hear(queen_address, messages::Watch{}), messages::BrokenInvariant);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace queenright::roles
