#include <boost/test/unit_test.hpp>

#include "tests/actors/roles/lone_worker.hpp"
#include "tests/restored_anywhere.hpp"

/// To which of several queens a worker says what it has to say.
namespace queenright::roles {
namespace {
BOOST_AUTO_TEST_SUITE(worker_queens)

using messages::Answered;
using messages::NodeId;
using messages::SinkEffect;
using std::chrono::seconds;
using Queens = std::vector<NodeId>;

const Queens three{{1}, {2}, {3}};

/// The attempt is wanted by this queen as the circuit's root.
SinkEffect wanted(std::uint32_t epoch, std::uint64_t index = 1) {
  return {run_circuit,
          {epoch},
          {{index}, {0}},
          messages::StartAttempt{{{9}, messages::worker_role()},
                                 attempt(static_cast<std::uint32_t>(index)),
                                 messages::Exec{{"do"}, {}, {}, {}, {}},
                                 {},
                                 messages::first_session({1})}};
}

/// Enrolled, on a node without a queen; nobody has been told anything since.
LoneWorker enrolled() {
  LoneWorker worker({9}, three);
  worker.answer(worker.enrolments.at(0), Answered::ok);
  worker.queens_told.clear();
  return worker;
}

BOOST_AUTO_TEST_CASE(a_worker_enrols_at_one_queen_after_the_other) {
  LoneWorker worker({9}, three);
  for (int i = 0; i < 3; ++i) worker.due();
  BOOST_CHECK((worker.queens_told == Queens{{1}, {2}, {3}, {1}}));
  worker.answer(worker.enrolments.at(0), Answered::ok, {3});  // whoever answers
  BOOST_CHECK(worker.rests());
  BOOST_CHECK((LoneWorker({2}, three).queens_told == Queens{{2}}));  // its own node's first
}

BOOST_AUTO_TEST_CASE(a_queen_that_cannot_help_is_followed_by_the_next_until_all_were_asked) {
  for (const auto answered : {Answered::not_root, Answered::busy, Answered::unknown}) {
    LoneWorker worker({9}, three);
    const auto enrolment = worker.enrolments.at(0);
    worker.answer(enrolment, answered, {2});  // who was not asked
    BOOST_CHECK((worker.queens_told == Queens{{1}}));
    for (const auto queen : three) worker.answer(enrolment, answered, queen);
    BOOST_CHECK((worker.queens_told == three));
    const auto asked = worker.now();
    worker.due();  // from then on in time
    BOOST_CHECK(worker.now() == asked + seconds{2});
    worker.answer(enrolment, answered, {1});
    BOOST_CHECK((worker.queens_told == Queens{{1}, {2}, {3}, {1}, {2}}));
    for (const auto& said : worker.enrolments) BOOST_CHECK(said.key == enrolment.key);
  }
}

BOOST_AUTO_TEST_CASE(an_answer_to_the_enrolment_before_a_boot_does_not_count) {
  LoneWorker worker({9}, three);
  worker.boot(2);
  worker.answer(worker.enrolments.at(0), Answered::ok);
  BOOST_TEST(!worker.state().registered);
  worker.answer(worker.enrolments.at(1), Answered::ok);
  BOOST_TEST(worker.state().registered);
}

BOOST_AUTO_TEST_CASE(a_result_goes_to_the_root_first_and_then_to_one_queen_after_the_other) {
  auto worker = enrolled();
  worker.say(wanted(4), {2});
  worker.say(wanted(3, 2), {3});  // fenced
  worker.exit(attempt(1), succeeded());
  for (int i = 0; i < 3; ++i) worker.due();
  BOOST_CHECK((worker.queens_told == Queens{{2}, {3}, {1}, {2}}));
  const auto result = worker.results.at(0);
  for (const auto& said : worker.results) BOOST_CHECK(digest_of(said) == digest_of(result));
  worker.answer(result, Answered::not_root, {2});
  worker.answer(result, Answered::busy, {3});
  worker.answer(result, Answered::ok, {1});
  BOOST_CHECK((worker.queens_told == Queens{{2}, {3}, {1}, {2}, {3}, {1}}));
  BOOST_TEST(worker.state().outbox.empty());
  BOOST_CHECK(worker.rests());
}

// A-R20: a new root issues the same effect again, and wants to hear what she has not.
BOOST_AUTO_TEST_CASE(an_attempt_wanted_again_by_a_new_root_is_not_done_again_but_told_to_her) {
  auto worker = enrolled();
  worker.say(wanted(1), {1});
  worker.say(wanted(2), {2});  // while it runs
  worker.exit(attempt(1), succeeded());
  worker.say(wanted(3), {3});  // when it has ended
  worker.say(wanted(3), {3});
  BOOST_TEST(worker.spawns.size() == 1U);
  BOOST_CHECK((worker.queens_told == Queens{{2}, {3}}));
  BOOST_REQUIRE(worker.acks.size() == 4U);
  for (const auto& ack : worker.acks) BOOST_TEST(!ack.refused);
  worker.answer(worker.results.at(0), Answered::ok, {3});
  worker.say(wanted(4), {1});
  BOOST_TEST(worker.spawns.size() == 1U);
  BOOST_TEST(worker.results.size() == 2U);
}

BOOST_AUTO_TEST_CASE(after_a_boot_a_result_goes_to_the_root_again) {
  auto worker = enrolled();
  worker.say(wanted(1), {2});
  worker.exit(attempt(1), succeeded());
  worker.due();
  worker.boot(1);
  BOOST_CHECK((worker.queens_told == Queens{{2}, {3}, {1}, {2}}));  // the third is the enrolment
}

BOOST_AUTO_TEST_CASE(among_queens_too_a_worker_may_be_restored_between_any_two_inputs) {
  LoneWorker worker({9}, three);
  worker.answer(worker.enrolments.at(0), Answered::busy);
  worker.due();
  worker.say(wanted(1), {2});
  worker.say(wanted(1, 2), {2});
  worker.exit(attempt(1), succeeded());
  worker.due();
  worker.answer(worker.results.at(0), Answered::not_root, {3});
  worker.say(wanted(2), {1});
  worker.exit(attempt(2), failed());
  worker.hear({{2}, messages::queen_role()}, messages::Watch{});
  worker.boot(1);
  worker.due();
  const auto role = messages::worker_role();
  messages::same_from_every_snapshot(
      worker.inputs(), *make_role(role),
      [role](const std::string& snapshot) { return restore_role(role, snapshot); });
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace queenright::roles
