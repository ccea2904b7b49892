#include <boost/test/unit_test.hpp>

#include "messages/ensure.hpp"
#include "tests/election/lone_queen.hpp"

namespace queenright::election {
namespace {
BOOST_AUTO_TEST_SUITE(queen_claims)

using messages::hive_circuit;
using messages::OwnVote;
using messages::Self;
using std::chrono::seconds;

// R5, R7: the only queen's own vote is the majority, and it counts when it is synced.
BOOST_AUTO_TEST_CASE(the_first_boot_claims_the_hive_circuit_and_says_no_more) {
  LoneQueen queen;
  queen.boot();
  const OwnVote vote = only(queen.votes);
  BOOST_TEST(vote.circuit.value == 0U);
  BOOST_TEST(vote.ballot.epoch.value == 1U);
  BOOST_TEST(queen.selves.empty());
  BOOST_TEST(queen.committed.empty());
  BOOST_TEST(queen.replies.empty());
}

// A-R4, A-R7, A-R17.
BOOST_AUTO_TEST_CASE(a_command_waits_for_the_vote_and_goes_into_the_log_right_after_the_open) {
  LoneQueen queen;
  queen.boot();
  queen.submit(open_run("k"), client);
  BOOST_TEST(queen.replica(hive_circuit).log.length.value == 0U);

  queen.sync_once();  // the vote counts
  BOOST_TEST(only(queen.selves).length == 2U);
  BOOST_TEST(queen.replica(hive_circuit).log.commit.value == 0U);
  BOOST_TEST(queen.committed.empty());

  queen.selves = {Self{hive_circuit, {1}, 1}};
  queen.sync_once();  // OPEN alone is synced
  BOOST_TEST(queen.replica(hive_circuit).log.commit.value == 1U);
  BOOST_TEST(queen.committed.empty());

  queen.selves = {Self{hive_circuit, {1}, 2}};
  queen.sync_once();
  const auto committed = only(queen.committed);
  BOOST_TEST(committed.entries.size() == 1U);
  BOOST_TEST(committed.entries[0].index.value == 2U);
  BOOST_TEST(queen.replies.empty());  // until its circuit has applied it
}

// A-R7.
BOOST_AUTO_TEST_CASE(what_came_after_a_self_was_said_is_not_committed_by_it) {
  LoneQueen queen = leading();
  queen.submit(open_run("first"), client);
  const auto first = taken(queen.selves);
  queen.submit(open_run("second"), client);
  const auto second = std::exchange(queen.selves, first);
  queen.sync_once();
  BOOST_TEST(only(queen.committed).entries.at(0).index.value == 2U);
  queen.selves = second;
  queen.sync_once();
  BOOST_TEST(only(queen.committed).entries.at(0).index.value == 3U);
}

BOOST_AUTO_TEST_CASE(each_boot_claims_under_a_higher_epoch) {
  LoneQueen queen = leading();
  for (std::uint32_t epoch = 2; epoch < 5; ++epoch) {
    queen.boot_again();
    BOOST_TEST(queen.votes.at(0).ballot.epoch.value == epoch);
    queen.sync();
  }
}

// R7: a promise is left behind for good.
BOOST_AUTO_TEST_CASE(a_vote_for_an_epoch_that_was_left_counts_for_nothing) {
  LoneQueen queen;
  queen.boot();
  const auto old = taken(queen.votes);
  queen.boot();
  queen.votes = old;
  queen.sync_once();
  BOOST_TEST(queen.selves.empty());
  BOOST_TEST(!queen.replica(hive_circuit).leads());
}

BOOST_AUTO_TEST_CASE(a_fresh_circuit_is_claimed_by_its_opener_at_once) {
  LoneQueen queen = leading();
  queen.submit(open_run("k"), client);
  queen.sync();
  queen.applied(hive_circuit,
                made_of(only(queen.committed), {messages::OpenCircuit{first_run, {1}}}));
  const OwnVote vote = only(queen.votes);
  BOOST_TEST(vote.circuit.value == 1U);
  BOOST_TEST(vote.ballot.epoch.value == 1U);
  BOOST_TEST(queen.replica(hive_circuit).log.effects.empty());
}

BOOST_AUTO_TEST_CASE(a_held_circuit_is_left_as_it_is_until_a_boot_without_hold) {
  LoneQueen queen = leading_a_run();
  queen.boot_again({first_run});
  BOOST_TEST(queen.votes.size() == 1U);
  BOOST_TEST(queen.votes.at(0).circuit.value == 0U);
  queen.sync();
  queen.submit(cancel(first_run, "c"), client);
  queen.sync();
  BOOST_TEST(queen.committed.empty());
  BOOST_TEST(queen.replies.empty());

  queen.boot_again();
  queen.sync();
  queen.submit(cancel(first_run, "c"), client);
  queen.sync();
  BOOST_TEST(queen.committed.size() == 1U);
}

// Circuit time is the root's elapsed time; it stands still while there is none.
BOOST_AUTO_TEST_CASE(circuit_time_runs_only_while_the_circuit_is_led) {
  LoneQueen queen = leading_a_run();
  queen.wait(seconds{10});
  queen.submit(cancel(first_run, "a"), client);
  queen.sync();
  const auto before = only(queen.committed);
  BOOST_CHECK(before.entries[0].circuit_time == seconds{10});
  queen.applied(first_run, made_of(before));

  queen.wait(seconds{100});
  queen.boot_again();
  queen.sync();
  queen.wait(seconds{5});
  queen.submit(cancel(first_run, "b"), client);
  queen.sync();
  BOOST_CHECK(only(queen.committed).entries[0].circuit_time == seconds{15});
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace queenright::election
