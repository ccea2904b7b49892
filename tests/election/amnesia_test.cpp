#include <boost/test/unit_test.hpp>

#include "tests/election/voter.hpp"

/// A queen who lost her journal: R14. And proofs of exit: R17.
namespace queenright::election {
namespace {

using messages::Ended;
using messages::LogVector;
using messages::SyncEnd;
using messages::SyncReply;
using messages::SyncRequest;

struct Amnesiac : Voter {
  void lose() {
    boot_again();
    step([](Election& one) { one.lose_journal(); });
  }
  void lose_and_ask() {
    lose();
    now = now + (usual::lease + usual::hello);
    greet_both();
    tick();
  }
  messages::Session mine() const { return support.state().session; }
  SyncReply reply(CircuitId circuit, std::uint32_t floor, LogVector log = {}) const {
    return {mine(), circuit, {floor}, {circuit, {}, log, {}, {}, {}}};
  }
  void answer(NodeId queen, std::uint32_t floor, LogVector log = {}) {
    take(queen, reply(run, floor, log));
    take(queen, SyncEnd{mine(), 1, {}});
  }
  void recover() {
    lose_and_ask();
    answer(second, 4);
    answer(third, 6);
    now = now + usual::lease;
    greet_both();
    said.clear();
  }
};

BOOST_FIXTURE_TEST_SUITE(amnesia, Amnesiac)

BOOST_AUTO_TEST_CASE(who_lost_her_journal_neither_grants_nor_claims_and_still_supports) {
  lose();
  greet_both();
  open(true);
  BOOST_TEST(told<Claim>(second).empty());
  take(second, Claim{run, ballot_of(second, 3)});
  BOOST_TEST(told<Grant>(second).empty());
  take(second, Released{run, ballot_of(second, 3), false, ballot_of(me, 4, mine()), ""});
  BOOST_TEST(own_votes.empty());
  BOOST_TEST(support.supports(second, session));
  BOOST_TEST(!election.willing());
}

BOOST_AUTO_TEST_CASE(she_asks_when_nobody_counts_on_her_old_promises_any_more) {
  lose();
  now = now + (usual::lease + usual::hello - std::chrono::nanoseconds{1});
  tick();
  BOOST_TEST(told<SyncRequest>(second).empty());
  now = now + std::chrono::nanoseconds{1};
  tick();
  BOOST_TEST(told<SyncRequest>(second).size() == 1U);
  tick();
  BOOST_TEST(told<SyncRequest>(second).size() == 1U);  // until she is answered
  answer(second, 4);
  tick();
  BOOST_TEST(told<SyncRequest>(second).empty());
}

BOOST_AUTO_TEST_CASE(she_votes_again_one_lease_after_a_majority_of_others_answered_wholly) {
  lose_and_ask();
  answer(second, 4);
  BOOST_TEST(!election.voting());
  take(third, reply(run, 6));
  BOOST_TEST(!election.voting());
  take(third, SyncEnd{mine(), 1, {}});
  BOOST_TEST(!election.voting());
  now = now + usual::lease;
  tick();
  BOOST_TEST(election.voting());
}

BOOST_AUTO_TEST_CASE(an_answer_with_a_reply_missing_is_none) {
  lose_and_ask();
  answer(second, 4);
  take(third, reply(run, 6));
  take(third, SyncEnd{mine(), 2, {}});
  now = now + usual::lease;
  tick();
  BOOST_TEST(!election.voting());
}

BOOST_AUTO_TEST_CASE(answers_to_a_life_before_do_not_count) {
  lose_and_ask();
  for (const NodeId queen : {second, third}) {
    take(queen, SyncReply{session, run, {4}, {}});
    take(queen, SyncEnd{session, 1, {}});
  }
  now = now + usual::lease;
  tick();
  BOOST_TEST(!election.voting());
}

BOOST_AUTO_TEST_CASE(a_queen_who_does_not_know_her_promises_is_no_wiser_after_another_boot) {
  lose();
  support.boot(me, {me, second, third}, {3});
  step([&](Election& one) { one.boot(1, now); });
  BOOST_TEST(!election.voting());
}

// The floor is the highest epoch that any of them heard of, whoever held it.
BOOST_AUTO_TEST_CASE(nothing_up_to_the_floor_is_granted_again) {
  recover();
  take(second, Claim{run, ballot_of(second, 6)});
  BOOST_CHECK(told<Reject>(second).at(0).higher.epoch == Epoch{6});
  take(second, Claim{run, ballot_of(second, 7)});
  BOOST_TEST(told<Grant>(second).size() == 1U);
}

BOOST_AUTO_TEST_CASE(what_was_closed_stays_closed) {
  lose_and_ask();
  answer(second, 4);
  answer(third, messages::closed_epoch.value);
  now = now + usual::lease;
  greet_both();
  take(second, Claim{run, ballot_of(second, 9)});
  BOOST_TEST(told<Grant>(second).empty());
}

BOOST_AUTO_TEST_CASE(the_best_log_of_each_circuit_is_handed_on) {
  lose_and_ask();
  answer(second, 4, {{3}, {9}, {1}});
  answer(third, 4, {{4}, {2}, {1}});
  const auto logs = election.take_recovered();
  BOOST_TEST(logs.size() == 1U);
  BOOST_CHECK(logs[0].log.accepted == Epoch{4});
}

// Seed 553 of the simulation: the end came while she was asking.
BOOST_AUTO_TEST_CASE(a_log_of_what_she_has_forgotten_meanwhile_is_not_handed_on) {
  lose_and_ask();
  answer(second, 4);
  take(second, Ended{run, true});
  take(third, Ended{run, true});
  BOOST_REQUIRE(election.forgotten(run));
  answer(third, 4);
  BOOST_TEST(election.take_recovered().empty());
}

BOOST_AUTO_TEST_CASE(circuits_that_a_whole_answer_leaves_out_are_forgotten) {
  lose_and_ask();
  for (const NodeId queen : {second, third}) {
    take(queen, reply(run, 4));
    take(queen, SyncEnd{mine(), 1, {9}});
  }
  BOOST_TEST(election.forgotten({6}));
  BOOST_TEST(election.forgotten({9}));
  BOOST_TEST(!election.forgotten(run));
  BOOST_TEST(!election.forgotten({10}));
}

// The other side.
BOOST_AUTO_TEST_CASE(a_voting_queen_is_told_whom_to_answer_and_with_what_floors) {
  greet_both();
  open(false);
  take(third, Claim{run, ballot_of(third, 5)});
  take(second, SyncRequest{session});
  const auto wanted = election.take_wanted();
  BOOST_TEST(wanted.size() == 1U);
  BOOST_CHECK(wanted[0].queen == second);
  BOOST_CHECK(wanted[0].floors.at(run) == Epoch{5});
  BOOST_CHECK(wanted[0].highest == CircuitId{});  // of 1 to 6 she never heard
  BOOST_TEST(election.take_wanted().empty());
}

BOOST_AUTO_TEST_CASE(forgotten_circuits_are_left_out_of_an_answer_up_to_its_highest) {
  greet_both();
  for (std::uint64_t c = 1; c <= 3; ++c) step([&](Election& one) { one.open({c}, false); });
  for (const NodeId queen : {second, third}) take(queen, messages::Ended{{2}});
  step([](Election& one) { one.ended({2}); });
  take(second, SyncRequest{session});
  const auto wanted = election.take_wanted();
  BOOST_TEST(wanted.at(0).floors.size() == 2U);
  BOOST_CHECK(wanted[0].highest == CircuitId{3});
}

BOOST_AUTO_TEST_CASE(who_does_not_vote_answers_nobody) {
  lose();
  greet_both();
  take(second, SyncRequest{session});
  BOOST_TEST(election.take_wanted().empty());
}

// R17.
BOOST_AUTO_TEST_CASE(a_proof_of_exit_frees_what_was_leased_and_starts_the_succession) {
  greet_both();
  open(false);
  take(second, Claim{run, ballot_of(second, 1)});
  take(third, Claim{run, ballot_of(third, 2)});
  BOOST_TEST(told<Grant>(third).empty());
  exited(second, 1);
  BOOST_TEST(told<Grant>(third).size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_proof_of_exit_outweighs_what_others_heard_before) {
  greet_both();
  open(false);
  take(second, View{run, ballot_of(second, 1), false});
  now = now + usual::lease;
  greet(third);
  Hello hello;
  hello.number = {++hellos[third].value};
  hello.connected = true;
  hello.evidence = {{second, session, Duration{}}};
  support.hear(third, hello, now);
  tick();
  BOOST_CHECK(contest().part == Part::follower);
  exited(second, 1);
  BOOST_CHECK(contest().part == Part::candidate);
}

BOOST_AUTO_TEST_CASE(a_proof_of_exit_of_a_life_before_changes_nothing) {
  greet(second, messages::first_session({2}));
  exited(second, 1);
  BOOST_TEST(support.supports(second, messages::first_session({2})));
}

// R15, R17.
BOOST_AUTO_TEST_CASE(a_proof_of_exit_ends_the_grace_of_a_boot_too) {
  greet_both();
  take(second, Claim{run, ballot_of(second, 1)});
  boot_again();
  greet(third);
  take(third, Claim{run, ballot_of(third, 2)});
  BOOST_TEST(told<Grant>(third).empty());
  exited(second, 1);
  BOOST_TEST(told<Grant>(third).size() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace queenright::election
