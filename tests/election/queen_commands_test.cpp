#include <boost/test/unit_test.hpp>
#include <set>

#include "tests/election/lone_queen.hpp"

namespace queenright::election {
namespace {
BOOST_AUTO_TEST_SUITE(queen_commands)

using messages::hive_circuit;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

/// Submits, commits and applies; the command's answer.
messages::Reply done(LoneQueen& queen, const Submit& submit, std::string refused = {}) {
  queen.submit(submit, client);
  queen.sync();
  auto made = made_of(only(queen.committed));
  made.refused = std::move(refused);
  made.result = "made";
  queen.applied(submit.circuit, made);
  return only(queen.replies);
}

bool is(const messages::Reply& reply, Answered answered, const std::string& reason) {
  return reply.answered == answered && reply.reason == reason;
}

BOOST_AUTO_TEST_CASE(a_command_is_answered_with_what_its_circuit_made_of_it) {
  LoneQueen queen = leading();
  const auto reply = done(queen, open_run("k"));
  BOOST_CHECK(is(reply, Answered::ok, ""));
  BOOST_CHECK(reply.result == messages::Value("made"));
  BOOST_CHECK((reply.key == Key{"k", 0}));
}

// A-R16.
BOOST_AUTO_TEST_CASE(the_same_key_has_the_same_answer_for_ever) {
  LoneQueen queen = leading();
  const auto answers = {done(queen, open_run("k")), done(queen, open_run("r"), "no room")};
  for (int boots = 0; boots < 2; ++boots) {
    for (const auto& first : answers) {
      queen.submit(open_run(first.key.session), other_client);
      const auto again = only(queen.replies);
      BOOST_CHECK(is(again, first.answered, first.reason));
      BOOST_CHECK(again.result == first.result);
    }
    BOOST_TEST(queen.selves.empty());
    queen.boot_again();
    queen.sync();
  }
}

BOOST_AUTO_TEST_CASE(of_a_busy_log_she_tells_herself_twice_and_then_of_all_that_came_meanwhile) {
  LoneQueen queen = leading();
  for (int i = 0; i < 5; ++i) queen.submit(open_run("k" + std::to_string(i)), client);
  BOOST_REQUIRE(queen.selves.size() == 2U);
  const auto first = queen.selves.front().length;
  BOOST_TEST(queen.selves.back().length == first + 1);
  queen.sync_once();
  BOOST_REQUIRE(queen.selves.size() == 1U);
  BOOST_TEST(queen.selves.back().length == first + 4);
  queen.sync();
  BOOST_TEST(queen.replica(hive_circuit).log.commit.value == first + 4);
}

// A-R16: at every stage on which the first command may be.
BOOST_AUTO_TEST_CASE(another_command_under_a_used_key_is_refused) {
  const std::string reason = "this key was already used for another command";
  LoneQueen queen;
  queen.boot();
  queen.submit(open_run("k"), client);
  queen.submit(open_run("k", "another"), client);  // both parked
  queen.sync();
  BOOST_CHECK(is(only(queen.replies), Answered::refused, reason));

  queen.submit(open_run("k", "another"), client);  // in the log
  BOOST_CHECK(is(only(queen.replies), Answered::refused, reason));

  queen.applied(hive_circuit, made_of(only(queen.committed)));
  BOOST_CHECK(is(only(queen.replies), Answered::ok, ""));
  queen.submit(open_run("k", "another"), client);  // answered
  BOOST_CHECK(is(only(queen.replies), Answered::refused, reason));
}

// A-R16: in the uncommitted tail, join its waiters.
BOOST_AUTO_TEST_CASE(a_repeat_while_the_command_is_under_way_joins_its_waiters) {
  LoneQueen queen = leading();
  queen.submit(open_run("k"), client);
  queen.submit(open_run("k"), client);
  queen.submit(open_run("k"), other_client);
  queen.sync();
  queen.submit(open_run("k"), other_client);
  queen.sync();
  const auto committed = only(queen.committed);
  BOOST_TEST(committed.entries.size() == 1U);
  queen.applied(hive_circuit, made_of(committed));
  BOOST_CHECK((taken(queen.answered_to) == std::vector<Address>{client, other_client}));
}

// A-R16: the tail outlives a crash, its waiters don't.
BOOST_AUTO_TEST_CASE(a_repeat_after_a_crash_is_not_done_twice) {
  for (const bool was_committed : {false, true}) {
    LoneQueen queen = leading();
    queen.submit(open_run("k"), client);
    if (was_committed) queen.sync();
    queen.boot_again();
    queen.submit(open_run("k"), client);
    queen.submit(open_run("k", "another"), other_client);
    queen.sync();
    queen.submit(open_run("k"), client);
    queen.sync();
    const auto committed = only(queen.committed);
    BOOST_TEST(committed.entries.size() == 1U);
    BOOST_TEST(only(queen.answered_to).role.number == other_client.role.number);
    queen.applied(hive_circuit, made_of(committed));
    BOOST_TEST(only(queen.answered_to).role.number == client.role.number);
  }
}

BOOST_AUTO_TEST_CASE(a_command_without_a_key_is_refused) {
  LoneQueen queen = leading();
  queen.submit({hive_circuit, {}, messages::OpenRun{"plan", "hash", {}}}, client);
  BOOST_CHECK(is(only(queen.replies), Answered::refused, "a command needs a key"));
}

BOOST_AUTO_TEST_CASE(what_was_applied_is_taken_in_once) {
  LoneQueen queen = leading_a_run();
  queen.submit(cancel(first_run, "c"), client);
  queen.sync();
  const auto made = made_of(only(queen.committed), {start_attempt(1)});
  queen.applied(first_run, made);
  BOOST_TEST(taken(queen.replies).size() == 1U);
  BOOST_TEST(taken(queen.effects).size() == 1U);
  queen.applied(first_run, made);
  BOOST_TEST(queen.replies.empty());
  BOOST_TEST(queen.effects.empty());
}

BOOST_AUTO_TEST_CASE(what_is_committed_is_said_again_after_half_a_second_until_it_is_applied) {
  LoneQueen queen = leading_a_run();
  queen.submit(cancel(first_run, "c"), client);
  queen.sync();
  const auto first = only(queen.committed);
  const auto said = queen.now();
  for (int i = 1; i <= 3; ++i) {
    queen.due();
    BOOST_CHECK(queen.now() == said + i * milliseconds{500});
    BOOST_CHECK(digest_of(only(queen.committed)) == digest_of(first));
  }
  queen.applied(first_run, made_of(first));
  BOOST_CHECK(!queen.deadline().has_value());
}

BOOST_AUTO_TEST_CASE(what_is_committed_is_said_again_after_a_boot_until_it_is_applied) {
  LoneQueen queen = leading_a_run();
  queen.submit(cancel(first_run, "c"), client);
  queen.sync();
  const auto first = only(queen.committed);
  queen.boot_again();
  BOOST_CHECK(digest_of(only(queen.committed)) == digest_of(first));
  queen.applied(first_run, made_of(first));
  queen.sync();
  queen.boot_again();
  queen.sync();
  BOOST_TEST(queen.committed.empty());
}

BOOST_AUTO_TEST_CASE(
    a_command_to_a_circuit_that_never_was_is_refused_and_to_one_that_is_over_closed) {
  LoneQueen queen = leading_a_run();
  queen.submit(cancel({2}, "c"), client);
  BOOST_CHECK(is(only(queen.replies), Answered::refused, "there is no such circuit"));

  queen.submit(cancel(first_run, "c"), client);
  queen.sync();
  queen.applied({first_run, {made_of(only(queen.committed))}, {}, true, {}});
  queen.replies.clear();
  for (int i = 0; i < 2; ++i) {  // before the CLOSE is committed, and after
    queen.submit(cancel(first_run, "d"), client);
    BOOST_CHECK(is(only(queen.replies), Answered::closed, "the circuit is over"));
    queen.sync();
  }
  BOOST_TEST(queen.retired.size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_draining_queen_takes_no_new_run_but_goes_on_with_the_rest) {
  LoneQueen queen = leading_a_run();
  queen.drain("interrupted");
  queen.submit(open_run("new"), client);
  BOOST_CHECK(is(only(queen.replies), Answered::refused, "draining: interrupted"));
  queen.submit(open_run("opening"), client);  // was answered before
  BOOST_CHECK(is(only(queen.replies), Answered::ok, ""));
  queen.submit(cancel(first_run, "c"), client);
  queen.sync();
  BOOST_TEST(queen.committed.size() == 1U);

  queen.boot_again();
  queen.sync();
  queen.submit(open_run("new"), client);
  BOOST_TEST(queen.replies.empty());
  BOOST_TEST(queen.selves.size() == 1U);
}

// A-R9.
BOOST_AUTO_TEST_CASE(a_circuit_with_too_much_at_once_is_busy_and_takes_commands_again_later) {
  LoneQueen queen = leading_a_run();
  Submit submit = cancel(first_run, "c");
  while (queen.replies.empty()) {
    ++submit.key.sequence;
    queen.submit(submit, client);
  }
  BOOST_TEST(submit.key.sequence == 65'537U);
  BOOST_CHECK(queen.replies.front().answered == Answered::busy);
  queen.replies.clear();

  queen.sync();
  queen.applied(first_run, made_of(queen.committed.front()));
  queen.replies.clear();
  queen.submit(submit, client);
  BOOST_TEST(queen.replies.empty());
}

// A-R9: each of these is a little more than a mebibyte.
BOOST_AUTO_TEST_CASE(a_circuit_with_too_many_bytes_at_once_is_busy_too) {
  LoneQueen queen = leading_a_run();
  Submit submit = cancel(first_run, "c", std::string(1U << 20U, 'x'));
  while (queen.replies.empty()) {
    ++submit.key.sequence;
    queen.submit(submit, client);
  }
  BOOST_TEST(submit.key.sequence == 17U);
  BOOST_CHECK(queen.replies.front().answered == Answered::busy);
  queen.replies.clear();

  queen.sync();
  for (const auto& committed : taken(queen.committed)) queen.apply(committed);
  queen.replies.clear();
  queen.submit(submit, client);
  BOOST_TEST(queen.replies.empty());
}

BOOST_AUTO_TEST_CASE(each_command_has_a_seed_of_its_own) {
  LoneQueen queen = leading_a_run();
  for (int i = 0; i < 100; ++i) queen.submit(cancel(first_run, "c" + std::to_string(i)), client);
  queen.sync();
  std::set<std::uint64_t> seeds;
  for (const auto& committed : queen.committed)
    for (const auto& entry : committed.entries) seeds.insert(entry.seed);
  BOOST_TEST(seeds.size() == 100U);
}

BOOST_AUTO_TEST_CASE(answers_are_kept_for_seven_days) {
  LoneQueen queen = leading();
  const auto submit = [&](int number) {
    queen.submit(open_run("k" + std::to_string(number)), client);
    queen.sync();
    queen.applied(hive_circuit, made_of(only(queen.committed)));
  };
  submit(0);
  queen.wait(hours{7 * 24 - 1});
  for (int i = 1; i < 128; ++i) submit(i);
  queen.wait(hours{2});
  for (int i = 128; i < 256; ++i)
    submit(i);  // past the log's 256th entry, when they are sorted out
  queen.replies.clear();

  queen.submit(open_run("k1"), client);
  BOOST_TEST(taken(queen.replies).size() == 1U);
  queen.submit(open_run("k0"), client);
  BOOST_TEST(queen.replies.empty());
}

BOOST_AUTO_TEST_CASE(who_watches_hears_the_runs_last_event_and_then_all) {
  LoneQueen queen = leading_a_run();
  const auto happens = [&](std::vector<RunEvent> events) {
    queen.submit(cancel(first_run, "c" + std::to_string(queen.inputs().size())), client);
    queen.sync();
    auto made = made_of(only(queen.committed));
    made.events = std::move(events);
    queen.applied(first_run, made);
  };
  queen.watch(first_run, client);
  BOOST_TEST(queen.events.empty());  // nothing has happened yet
  happens({{{}, {}, 0, {}, "running", {}}, {{}, "step", 0, {1}, "assigned", {}}});
  BOOST_TEST(only(queen.events).events.size() == 2U);

  queen.watch(first_run, other_client);
  const auto last = only(queen.events);
  BOOST_TEST(last.events.size() == 1U);
  BOOST_TEST(last.events[0].state == "running");

  queen.watch(first_run, client);  // twice is as good as once
  queen.events.clear();
  happens({{{}, "step", 0, {1}, "succeeded", {}}});
  BOOST_TEST(taken(queen.events).size() == 2U);
}

/// A run of which something is told with each command.
struct ToldRun {
  LoneQueen queen = leading_a_run();

  void happens(std::vector<RunEvent> events) {
    queen.submit(cancel(first_run, "c" + std::to_string(queen.inputs().size())), client);
    queen.sync();
    auto made = made_of(only(queen.committed));
    made.events = std::move(events);
    queen.applied(first_run, made);
  }
  void steps(int count) {
    for (int i = 0; i < count; ++i)
      happens({{{}, "step", 0, {1}, "assigned", {}}, {{}, "step", 0, {1}, "succeeded", {}}});
  }
  messages::LogIndex last_told() { return taken(queen.events).back().events.back().index; }
};

BOOST_FIXTURE_TEST_CASE(who_names_the_last_entry_that_it_heard_of_hears_all_that_came_since,
                        ToldRun) {
  queen.watch(first_run, client);
  steps(2);
  const auto heard = last_told();
  steps(3);
  queen.events.clear();
  queen.watch(first_run, other_client, heard);
  const auto since = only(queen.events);
  BOOST_TEST(since.events.size() == 6U);
  BOOST_TEST(!since.missed);
  for (const auto& event : since.events) BOOST_TEST((event.index > heard));
}

BOOST_FIXTURE_TEST_CASE(who_has_heard_all_hears_nothing_twice, ToldRun) {
  queen.watch(first_run, client);
  steps(1);
  queen.watch(first_run, client, last_told());
  BOOST_TEST(queen.events.empty());
}

BOOST_FIXTURE_TEST_CASE(who_was_away_for_too_long_is_told_that_it_missed_something, ToldRun) {
  queen.watch(first_run, client);
  happens({{{}, {}, 0, {}, "running", {}}});
  const auto heard = last_told();
  steps(1100);
  queen.events.clear();
  queen.watch(first_run, other_client, heard);
  const auto told = only(queen.events);
  BOOST_TEST(told.missed);
  BOOST_TEST(told.events.back().state == "running");
}

BOOST_FIXTURE_TEST_CASE(who_watches_no_more_hears_nothing, ToldRun) {
  queen.watch(first_run, client);
  queen.unwatch(client);
  steps(1);
  BOOST_TEST(queen.events.empty());
}

BOOST_AUTO_TEST_CASE(what_a_queen_knows_of_her_circuits_is_told_to_who_asks) {
  LoneQueen queen = leading_a_run();
  queen.inspect({{"me", 1}, messages::Inspected::circuits, {}}, client);
  const auto circuits = *only(queen.answers).value.list();
  BOOST_TEST(circuits.size() == 2U);
  BOOST_TEST(*circuits[1].map()->at("root").integer() == 1);
  BOOST_TEST(*circuits[1].map()->at("acts").boolean());
  queen.inspect({{"me", 2}, messages::Inspected::circuit, first_run}, client);
  const auto explained = only(queen.answers).value;
  BOOST_TEST(explained.map()->at("text").text()->starts_with("circuit 1, as queen 1 sees it"));
}

BOOST_AUTO_TEST_CASE(who_watches_a_circuit_that_is_over_hears_that_it_is_closed) {
  LoneQueen queen = leading();
  queen.watch({7}, client);
  BOOST_TEST(only(queen.events).events.at(0).state == "closed");
}

BOOST_AUTO_TEST_CASE(a_circuits_deadline_becomes_a_command_of_its_log) {
  for (const bool crashes : {false, true}) {
    LoneQueen queen = leading_a_run();
    queen.submit(cancel(first_run, "c"), client);
    queen.sync();
    queen.applied({first_run, {made_of(only(queen.committed))}, seconds{5}, false, {}});
    if (crashes) {  // circuit time goes on where it stood
      queen.boot_again();
      queen.sync();
    }
    const auto begins = queen.now();
    queen.due();
    BOOST_CHECK(queen.now() == begins + seconds{5});
    queen.sync();
    const auto committed = only(queen.committed);
    BOOST_CHECK(std::holds_alternative<messages::TimePassed>(committed.entries.at(0).command));
    BOOST_CHECK(committed.entries[0].circuit_time == seconds{5});
    queen.applied(first_run, made_of(committed));
    BOOST_CHECK(!queen.deadline().has_value());
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace queenright::election
