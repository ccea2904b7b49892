#include <boost/test/unit_test.hpp>

#include "tests/actors/roles/lone_worker.hpp"
#include "tests/restored_anywhere.hpp"

/// A worker that says hello, is cut off, and comes back.
namespace queenright::roles {
namespace {
BOOST_AUTO_TEST_SUITE(worker_presence)

using messages::Answered;
using messages::AttemptEnd;
using messages::Session;
using messages::StartAttempt;
using messages::WorkerHeard;
using std::chrono::seconds;

/// With one slot, on a node without a queen.
struct Scene : LoneWorker {
  Scene() : LoneWorker({9}, {{1}, {2}, {3}}) { answer(enrolments.at(0), Answered::ok); }

  void start_in(Session session, std::uint32_t task) {
    want(StartAttempt{{{9}, messages::worker_role()},
                      attempt(task),
                      messages::Exec{{"do"}, {}, {}, {}, {}},
                      {},
                      session});
  }
  AttemptEnd end_of(std::uint32_t task) const {
    for (const auto& result : results)
      if (attempt_in(result) == attempt(task)) return outcome_in(result).end;
    BOOST_FAIL("nothing was said of task " << task);
    return {};
  }
};

BOOST_AUTO_TEST_CASE(a_registered_worker_says_hello_to_all_queens_at_once_and_every_second) {
  Scene worker;
  worker.start(attempt(1));
  worker.start(attempt(2));
  worker.hellos.clear();
  worker.wait(seconds{5});
  BOOST_TEST(worker.hellos.size() == 6U * 3U);
  const auto& hello = worker.hellos.back();
  BOOST_CHECK(hello.session == worker.state().session);
  BOOST_TEST(hello.running == 1U);
  BOOST_TEST(hello.queued == 1U);
  BOOST_CHECK(release_of(messages::Item(hello)) == messages::Release::eager);
}

BOOST_AUTO_TEST_CASE(a_worker_that_is_refused_says_nothing_more) {
  LoneWorker worker({9}, {{1}, {2}, {3}});
  worker.answer(worker.enrolments.at(0), Answered::refused);
  BOOST_TEST(!worker.deadline().has_value());
  BOOST_TEST(!worker.state().registered);
  worker.boot(1);
  BOOST_TEST(worker.enrolments.size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_worker_beside_the_only_queen_says_no_hello_and_is_never_cut_off) {
  LoneWorker worker(1);
  worker.answer(worker.enrolments.at(0), Answered::ok);
  worker.start(attempt(1));
  worker.wait(std::chrono::hours{1});
  BOOST_TEST(worker.hellos.empty());
  BOOST_TEST(worker.ends.empty());
}

BOOST_AUTO_TEST_CASE(cut_off_it_ends_its_children_within_its_time_to_live) {
  Scene worker;
  worker.start(attempt(1));
  worker.start(attempt(2));  // waits for the slot
  worker.is_heard = false;
  const auto session = worker.state().session;
  worker.wait(seconds{54});
  BOOST_TEST(worker.ends.empty());
  worker.wait(seconds{1});
  BOOST_REQUIRE(worker.ends.size() == 1U);
  BOOST_TEST(!worker.ends[0].force);
  BOOST_CHECK(worker.end_of(2) == AttemptEnd::declined);
  BOOST_CHECK(worker.state().session > session);
  worker.wait(seconds{5});
  BOOST_TEST(worker.ends.at(1).force);
  worker.exit(attempt(1), succeeded());  // whatever it says: nobody waits for it
  BOOST_CHECK(worker.end_of(1) == AttemptEnd::unknown);
}

BOOST_AUTO_TEST_CASE(its_time_counts_from_when_the_hello_was_sent_that_was_heard) {
  Scene worker;
  worker.start(attempt(1));
  worker.is_heard = false;
  worker.wait(seconds{30});
  worker.hear(queen_address, WorkerHeard{worker.state().session, worker.hellos.at(30).sent, true});
  const auto heard = worker.hellos.at(30).sent;
  worker.wait(seconds{30});
  BOOST_TEST(worker.ends.empty());
  worker.wait(seconds{60});
  BOOST_TEST(!worker.ends.empty());
  BOOST_CHECK(worker.state().contact != heard);  // it has begun anew
}

BOOST_AUTO_TEST_CASE(a_worker_that_was_lost_registers_anew_and_goes_on_with_what_it_runs) {
  Scene worker;
  worker.start(attempt(1));
  const Session before = worker.state().session;
  worker.hear(queen_address, WorkerHeard{before, worker.now(), false});
  BOOST_CHECK(worker.state().session > before);
  BOOST_TEST(worker.enrolments.size() == 2U);
  BOOST_CHECK(worker.enrolments[1].key != worker.enrolments[0].key);
  BOOST_TEST(worker.ends.empty());
  worker.hear(queen_address, WorkerHeard{before, worker.now(), false});  // once
  BOOST_TEST(worker.enrolments.size() == 2U);
  worker.answer(worker.enrolments[1], Answered::ok);
  worker.exit(attempt(1), succeeded());
  BOOST_CHECK(worker.end_of(1) == AttemptEnd::exited);
}

BOOST_AUTO_TEST_CASE(what_was_meant_for_an_earlier_session_is_declined) {
  Scene worker;
  const Session before = worker.state().session;
  worker.hear(queen_address, WorkerHeard{before, worker.now(), false});
  worker.start_in(before, 1);
  BOOST_TEST(worker.spawns.empty());
  BOOST_CHECK(worker.end_of(1) == AttemptEnd::declined);
  worker.start_in(worker.state().session, 2);
  BOOST_TEST(worker.spawns.size() == 1U);
}

BOOST_AUTO_TEST_CASE(
    of_what_it_may_have_done_before_it_lost_its_journal_it_says_that_it_does_not_know) {
  Scene worker;
  const Session first = worker.state().session;
  worker.start_in({first.value - 1}, 1);
  BOOST_CHECK(worker.end_of(1) == AttemptEnd::unknown);
  worker.start_in({first.value + 1}, 2);
  BOOST_CHECK(worker.end_of(2) == AttemptEnd::unknown);
  BOOST_TEST(worker.spawns.empty());
}

BOOST_AUTO_TEST_CASE(what_had_not_begun_before_a_boot_is_declined) {
  Scene worker;
  worker.start(attempt(1));
  worker.start(attempt(2));
  worker.boot(1);
  worker.answer(worker.enrolments.back(), Answered::ok);
  BOOST_CHECK(worker.end_of(1) == AttemptEnd::unknown);
  BOOST_CHECK(worker.end_of(2) == AttemptEnd::declined);
}

BOOST_AUTO_TEST_CASE(what_a_worker_that_drains_has_not_begun_is_for_others_at_once) {
  Scene worker;
  worker.start(attempt(1));
  worker.start(attempt(2));
  worker.drain("the disk is full", 6);
  BOOST_CHECK(worker.end_of(2) == AttemptEnd::declined);
  worker.start(attempt(3));
  BOOST_CHECK(worker.end_of(3) == AttemptEnd::declined);
  BOOST_TEST(worker.stops.empty());
  worker.exit(attempt(1), succeeded());
  BOOST_CHECK(worker.end_of(1) == AttemptEnd::exited);
  BOOST_TEST(worker.stops.at(0).exit_code == 6);
}

BOOST_AUTO_TEST_CASE(a_drain_that_is_over_lets_it_begin_again) {
  Scene worker;
  worker.start(attempt(1));
  worker.drain("the disk is full", 6);
  worker.drain("", 0);
  worker.start(attempt(2));
  worker.exit(attempt(1), succeeded());
  BOOST_TEST(worker.stops.empty());
  BOOST_TEST(worker.spawned().size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_worker_with_too_many_that_wait_declines_more) {
  Scene worker;
  const std::size_t most = queued_at_most(worker.state().offer);
  for (std::uint32_t task = 1; task <= most + 1; ++task) worker.start(attempt(task));
  BOOST_TEST(worker.results.empty());
  worker.start(attempt(static_cast<std::uint32_t>(most) + 2));
  BOOST_CHECK(worker.end_of(static_cast<std::uint32_t>(most) + 2) == AttemptEnd::declined);
  BOOST_TEST(outcome_in(worker.results.at(0)).reason == "full: 260 attempts wait already");
}

BOOST_AUTO_TEST_CASE(a_worker_is_not_full_of_what_needs_no_child) {
  Scene worker;
  worker.start(attempt(1));
  const auto many = static_cast<std::uint32_t>(queued_at_most(worker.state().offer)) + 10;
  for (std::uint32_t task = 2; task < many; ++task) worker.start_noop(attempt(task));
  worker.start(attempt(many));
  BOOST_TEST(worker.results.empty());
  worker.exit(attempt(1), succeeded());
  BOOST_CHECK(worker.spawned().back() == attempt(many));
}

BOOST_AUTO_TEST_CASE(what_is_over_is_swept_when_it_is_back) {
  Scene worker;
  for (const std::uint64_t circuit : {1, 2, 3}) {
    messages::SinkEffect effect{{circuit}, {1}, {{circuit}, {0}}, {}};
    effect.payload = StartAttempt{{{9}, messages::worker_role()},
                                  attempt(1, 1, {circuit}),
                                  messages::Exec{{"do"}, {}, {}, {}, {}},
                                  {},
                                  worker.state().session};
    worker.say(effect);
  }
  worker.say({messages::hive_circuit,
              {1},
              {{9}, {0}},
              messages::CleanUpOthers{{{9}, messages::worker_role()}, {{2}}, {2}}});
  BOOST_CHECK((worker.sweeps == std::vector<messages::CircuitId>{{1}}));  // 3 came later
}

BOOST_AUTO_TEST_CASE(cut_off_or_not_a_worker_may_be_restored_between_any_two_inputs) {
  Scene worker;
  worker.start(attempt(1));
  worker.start(attempt(2));
  worker.wait(seconds{3});
  worker.is_heard = false;
  worker.wait(seconds{70});
  worker.exit(attempt(1), succeeded());
  worker.is_heard = true;
  worker.answer(worker.enrolments.back(), Answered::ok);
  worker.wait(seconds{3});
  const auto role = messages::worker_role();
  messages::same_from_every_snapshot(
      worker.inputs(), *make_role(role),
      [role](const std::string& snapshot) { return restore_role(role, snapshot); });
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace queenright::roles
