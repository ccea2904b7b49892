#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <map>

#include "tests/actors/roles/lone_worker.hpp"
#include "tests/restored_anywhere.hpp"

/// What a worker makes of a crash, and how long it repeats itself.
namespace queenright::roles {
namespace {
BOOST_AUTO_TEST_SUITE(worker_boot)

using messages::Answered;
using messages::AttemptEnd;
using messages::AttemptId;
using messages::Submit;
using std::chrono::seconds;
using Ids = std::vector<AttemptId>;

BOOST_AUTO_TEST_CASE(a_worker_offers_itself_at_every_boot_under_a_new_key_until_it_is_answered) {
  LoneWorker worker(3);
  const auto first = worker.enrolments.at(0);
  const auto& offer = std::get<messages::RegisterWorker>(first.command);
  BOOST_CHECK(offer.worker == worker_address);
  BOOST_TEST(offer.offer.slots == 3U);
  for (const auto answered : {Answered::busy, Answered::unknown}) worker.answer(first, answered);
  worker.due();
  BOOST_CHECK(digest_of(worker.enrolments.at(1)) == digest_of(first));
  worker.answer(first, Answered::ok);
  BOOST_CHECK(!worker.deadline().has_value());
  worker.boot(3);
  BOOST_CHECK(worker.enrolments.at(2).key != first.key);
}

/// The nodes to which a worker offers itself, at its boot and each time that nobody answers.
std::vector<messages::NodeId> asked_by(messages::NodeId node, std::size_t times) {
  const auto worker = make_role(messages::worker_role());
  messages::Booted booted;
  booted.node = node;
  booted.queens = {{1}, {2}, {3}};
  booted.worker.slots = 1;
  std::vector<messages::NodeId> asked;
  messages::Input input{{}, {}, {}, {}, booted};
  while (true) {
    messages::Effects effects;
    worker->step(input, effects);
    for (const auto& effect : effects.take())
      asked.push_back(std::get<messages::Send>(effect.body).to.node);
    if (asked.size() >= times) return asked;
    input = {{}, {}, worker->deadline().value(), {}, messages::Due{}};
  }
}

BOOST_AUTO_TEST_CASE(a_worker_asks_the_queen_of_its_own_node_first_then_one_after_the_other) {
  using Nodes = std::vector<messages::NodeId>;
  BOOST_CHECK((asked_by({7}, 4) == Nodes{{1}, {2}, {3}, {1}}));
  BOOST_CHECK((asked_by({2}, 4) == Nodes{{2}, {3}, {1}, {2}}));
}

BOOST_AUTO_TEST_CASE(a_result_is_said_every_two_seconds_until_its_circuit_has_taken_it) {
  for (const auto definite : {Answered::ok, Answered::refused, Answered::closed}) {
    LoneWorker worker(1);
    worker.answer(worker.enrolments.at(0), Answered::ok);
    worker.start(attempt(1, 2));
    worker.exit(attempt(1, 2), succeeded("text"));
    const auto first = worker.results.at(0);
    BOOST_CHECK(attempt_in(first) == attempt(1, 2));
    const auto said = worker.now();
    for (int i = 1; i <= 3; ++i) {
      worker.due();
      BOOST_CHECK(worker.now() == said + i * seconds{2});
      BOOST_CHECK(digest_of(worker.results.back()) == digest_of(first));
      worker.answer(first, i % 2 == 0 ? Answered::busy : Answered::unknown);
    }
    worker.answer(first, definite);
    BOOST_CHECK(!worker.deadline().has_value());
    BOOST_TEST(worker.state().outbox.empty());
  }
}

BOOST_AUTO_TEST_CASE(results_of_different_attempts_have_different_keys) {
  LoneWorker worker(4);
  for (const auto& id : {attempt(1), attempt(1, 2), attempt(2), attempt(256)}) {
    worker.start(id);
    worker.exit(id, succeeded());
  }
  std::map<messages::Key, int> keys;
  for (const auto& result : worker.results) ++keys[result.key];
  BOOST_TEST(keys.size() == 4U);
}

// A-R20: a child's intent without its exit is unknown; what had no slot had not begun.
BOOST_AUTO_TEST_CASE(after_a_boot_what_ran_is_unknown_and_what_waited_is_started) {
  LoneWorker worker(2);
  worker.start(attempt(1));
  worker.start(attempt(2));
  worker.start(attempt(3));
  worker.end(attempt(2));
  worker.spawns.clear();
  worker.boot(2);
  BOOST_CHECK((worker.spawned() == Ids{attempt(3)}));
  BOOST_TEST(worker.results.empty());  // it is not known again yet
  worker.answer(worker.enrolments.back(), Answered::ok);
  std::map<AttemptId, AttemptEnd> ends;
  for (const auto& result : worker.results) ends[attempt_in(result)] = outcome_in(result).end;
  BOOST_TEST(ends.size() == 2U);
  // When only the role fell, its children are still there.
  BOOST_TEST(std::count_if(worker.ends.begin(), worker.ends.end(),
                           [](const auto& end) { return end.force; }) == 2);
  BOOST_CHECK(ends.at(attempt(1)) == AttemptEnd::unknown);
  BOOST_CHECK(ends.at(attempt(2)) == AttemptEnd::unknown);
  BOOST_TEST(outcome_in(worker.results[0]).reason == "the worker ended while it ran");
}

BOOST_AUTO_TEST_CASE(alone_with_its_queen_it_begins_what_was_meant_for_its_life_before) {
  LoneWorker worker(1);
  const auto before = worker.state().session;
  worker.boot(1);
  BOOST_CHECK(before < worker.state().session);
  worker.want(messages::StartAttempt{
      worker_address, attempt(1), messages::Exec{{"do"}, {}, {}, {}, {}}, {}, before});
  BOOST_CHECK((worker.spawned() == Ids{attempt(1)}));
}

BOOST_AUTO_TEST_CASE(after_a_boot_a_result_that_was_not_taken_is_said_again_as_it_was) {
  LoneWorker worker(1);
  worker.start(attempt(1));
  worker.exit(attempt(1), succeeded("text"));
  const auto first = digest_of(worker.results.at(0));
  worker.results.clear();
  worker.boot(1);
  BOOST_CHECK(digest_of(worker.results.at(0)) == first);
}

BOOST_AUTO_TEST_CASE(a_worker_that_waits_takes_what_it_is_given_and_begins_it_after_the_next_boot) {
  LoneWorker worker(1);
  worker.boot_to_wait();
  worker.start(attempt(1));
  BOOST_TEST(worker.spawned().empty());
  BOOST_TEST(worker.acks.size() == 1U);
  BOOST_TEST(worker.results.empty());
  worker.boot(1);
  BOOST_TEST(worker.spawned().size() == 1U);
}

BOOST_AUTO_TEST_CASE(nothing_of_a_held_circuit_is_started_until_a_boot_without_hold) {
  LoneWorker worker(1);
  worker.start(attempt(1));
  worker.start(attempt(2));
  worker.start(attempt(1, 1, {2}));
  worker.spawns.clear();
  worker.boot(1, {run_circuit});
  BOOST_CHECK((worker.spawned() == Ids{attempt(1, 1, {2})}));
  worker.exit(attempt(1, 1, {2}), succeeded());
  BOOST_TEST(worker.spawned().empty());
  worker.boot(1);
  BOOST_CHECK((worker.spawned() == Ids{attempt(2)}));
}

BOOST_AUTO_TEST_CASE(a_boot_ends_a_drain) {
  LoneWorker worker(1);
  worker.drain("interrupted", 130);
  worker.start(attempt(1));
  BOOST_TEST(worker.spawned().empty());
  worker.boot(1);
  BOOST_CHECK((worker.spawned() == Ids{attempt(1)}));
}

BOOST_AUTO_TEST_CASE(a_worker_restored_between_any_two_inputs_goes_on_as_if_nothing_had_been) {
  LoneWorker worker(2);
  worker.start(attempt(1), seconds{3});
  worker.start(attempt(2));
  worker.start(attempt(3), seconds{1});
  worker.start_noop(attempt(4));
  worker.due();
  worker.due();
  worker.end(attempt(2));
  worker.exit(attempt(2), succeeded());
  worker.due();
  worker.exit(attempt(1), failed());
  worker.answer(worker.results.at(0), Answered::ok);
  worker.answer(worker.enrolments.at(0), Answered::ok);
  worker.boot(1, {{2}});
  worker.start(attempt(1, 1, {2}));
  worker.want(messages::EndAttempt{worker_address, attempt(5)}, 9);
  worker.clean_up(run_circuit);
  worker.boot(1);
  worker.drain("enough", 0);
  worker.exit(attempt(1, 1, {2}), succeeded());
  for (int i = 0; i < 3; ++i) worker.due();
  const auto role = messages::worker_role();
  messages::same_from_every_snapshot(
      worker.inputs(), *make_role(role),
      [role](const std::string& snapshot) { return restore_role(role, snapshot); });
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace queenright::roles
