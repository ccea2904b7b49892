#include <boost/test/unit_test.hpp>

#include "tests/election/voter.hpp"

/// A queen who wants to lead: R5, R5b, R7, R8.
namespace queenright::election {
namespace {

BOOST_FIXTURE_TEST_SUITE(claims, Voter)

// R5.
BOOST_AUTO_TEST_CASE(the_opener_of_a_circuit_claims_it_from_all_at_once) {
  greet_both();
  open(true);
  const auto claims = told<Claim>(second);
  BOOST_TEST(claims.size() == 1U);
  BOOST_CHECK(claims[0].ballot == ballot_of(me, 1));
  BOOST_TEST(told<Claim>(third).size() == 1U);
  BOOST_TEST(own_votes.size() == 1U);
}

BOOST_AUTO_TEST_CASE(who_is_not_connected_claims_nothing) {
  open(true);
  BOOST_TEST(told<Claim>(second).empty());
  greet(second);
  tick();
  BOOST_TEST(told<Claim>(second).size() == 1U);
}

// R7.
BOOST_AUTO_TEST_CASE(she_leads_when_a_majority_granted_and_her_own_vote_is_durable) {
  for (const bool vote_first : {true, false}) {
    Voter voter;
    voter.greet_both();
    voter.open(true);
    const Grant grant{run, voter.contest().claimed, voter.epochs[second], {}, {}, {}};
    if (vote_first) voter.sync();
    BOOST_TEST(!voter.acts());
    voter.take(second, grant);
    BOOST_TEST(voter.acts() == vote_first);
    if (!vote_first) voter.sync();
    BOOST_TEST(voter.acts());
    BOOST_TEST(voter.told<View>(third).size() == 1U);
    BOOST_TEST(voter.changes.size() == 1U);
  }
}

// R5b, R3.
BOOST_AUTO_TEST_CASE(a_grant_of_a_support_that_is_over_does_not_count) {
  greet_both();
  open(true);
  sync();
  epochs[second] = {101};
  greet(second);
  take(second, Grant{run, contest().claimed, {100}, {}, {}, {}});
  BOOST_TEST(!acts());
  take(second, Grant{run, contest().claimed, {101}, {}, {}, {}});
  BOOST_TEST(acts());
}

// Seed 40 of --harsh with `others-hear` off: a queen restored from a snapshot claimed, this one did
// not.
BOOST_AUTO_TEST_CASE(who_supports_anew_is_claimed_from_even_before_there_is_a_lease) {
  lead();
  take(third, Grant{run, contest().led, epochs[third], {}, {}, {}});
  tick();
  now = now + usual::lease;
  greet(second);
  tick();
  tick();
  BOOST_TEST(told<Claim>(third).empty());
  step([&](Election&) {
    support.hear(third, {session, support.state().session, {}, {}, {101}, {}}, now);
  });
  tick();
  BOOST_TEST(told<Claim>(third).size() == 1U);
}

BOOST_AUTO_TEST_CASE(she_acts_while_the_leases_of_a_majority_last_and_no_longer) {
  lead();
  BOOST_TEST(acts());
  now = now + (usual::supported - std::chrono::nanoseconds{1});
  BOOST_TEST(acts());
  now = now + std::chrono::nanoseconds{1};
  BOOST_TEST(!acts());
}

// R8.
BOOST_AUTO_TEST_CASE(a_candidate_gives_way_to_a_higher_claim_and_grants_it) {
  greet_both();
  open(true);
  const Ballot mine = contest().claimed;
  take(second, Claim{run, ballot_of(second, 2)});
  const auto released = told<Released>(third);
  BOOST_TEST(released.size() == 1U);
  BOOST_CHECK(released[0].ballot == mine);
  BOOST_TEST(released[0].yielded);
  BOOST_TEST(told<Grant>(second).size() == 1U);
  sync();
  take(third, Grant{run, mine, epochs[third], {}, {}, {}});
  BOOST_TEST(!acts());
}

BOOST_AUTO_TEST_CASE(a_candidate_keeps_to_a_claim_that_is_higher_than_another) {
  greet_both();
  open(true);
  const NodeId lower =
      messages::tie_of(run, second) < messages::tie_of(run, third) ? second : third;
  const Ballot theirs = ballot_of(lower, 1);
  const bool mine_is_higher = contest().claimed > theirs;
  take(lower, Claim{run, theirs});
  BOOST_TEST((contest().part == Part::candidate) == mine_is_higher);
}

BOOST_AUTO_TEST_CASE(a_candidacy_that_nobody_answers_ends_and_is_tried_again) {
  greet_both();
  open(true);
  told<Claim>(second);
  for (int i = 0; i < 4; ++i) {
    wait(usual::hello);
    greet_both();
  }
  BOOST_TEST(told<Released>(second).size() == 1U);
  for (int i = 0; i < 6; ++i) {
    wait(usual::hello);
    greet_both();
  }
  BOOST_CHECK(contest().claimed.epoch > Epoch{1} || contest().dead.epoch > Epoch{1});
}

BOOST_AUTO_TEST_CASE(a_rejected_candidate_claims_above_what_stood_in_her_way) {
  greet_both();
  open(true);
  take(second, Reject{run, contest().claimed, ballot_of(third, 9)});
  BOOST_CHECK(contest().part == Part::follower);
  wait(timing::stagger);
  BOOST_CHECK(contest().claimed.epoch == Epoch{10});
}

// R5: successors one after the other.
BOOST_AUTO_TEST_CASE(successors_wait_for_those_before_them) {
  greet_both();
  open(false);
  take(second, View{run, ballot_of(second, 1), false});
  now = now + usual::hello;
  greet(third);
  now = now + usual::lease;  // the root is silent
  greet(third);
  tick();
  const bool first_successor = messages::tie_of(run, me) > messages::tie_of(run, third);
  BOOST_TEST((contest().part == Part::candidate) == first_successor);
  wait(timing::stagger);
  BOOST_CHECK(contest().part == Part::candidate);
}

BOOST_AUTO_TEST_CASE(a_root_whom_others_still_hear_is_left_alone) {
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
  wait(timing::stagger);
  BOOST_CHECK(contest().part == Part::follower);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace queenright::election
