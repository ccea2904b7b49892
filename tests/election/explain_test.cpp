#include <boost/test/unit_test.hpp>

#include "tests/election/voter.hpp"

/// Who claims what nobody leads, and what people are told of it: R5.
namespace queenright::election {
namespace {

using std::chrono::milliseconds;

BOOST_FIXTURE_TEST_SUITE(explaining, Voter)

bool says(const Voter& voter, const std::string& words) {
  const std::string text = explained(voter.election.explain(run));
  const bool found = text.find(words) != std::string::npos;
  if (!found) BOOST_TEST_MESSAGE(text);
  return found;
}

BOOST_AUTO_TEST_CASE(who_is_root_since_when_and_under_which_ballot) {
  lead();
  wait(milliseconds{40});
  BOOST_TEST(says(*this, "root: queen 1 in epoch 1, for 40 ms"));
  BOOST_TEST(says(*this, "queen 1 leads it\n"));
  BOOST_CHECK(election.explain(run).root == contest().led);
  now = now + usual::supported;
  step([](Election&) {});
  BOOST_TEST(says(*this, "queen 1 leads it, without a majority"));
}

BOOST_AUTO_TEST_CASE(why_there_is_no_root) {
  BOOST_TEST(says(*this, "has never heard of it"));
  open(false);
  BOOST_TEST(says(*this, "root: none\nqueen 1 is not supported by a majority"));
  greet_both();
  take(second, Claim{run, ballot_of(second, 1)});
  wait(milliseconds{70});
  greet(third);
  take(third, Claim{run, ballot_of(third, 2)});
  BOOST_TEST(says(*this, "queen 1 has it leased to queen 2 for another 80 ms"));
  BOOST_TEST(says(*this, "queen 3 in epoch 2 waits behind the lease of queen 2 in epoch 1"));
  BOOST_TEST(says(*this, "70 ms ago: queen 2 in epoch 1 was granted"));
  take(second, View{run, closed_ballot, true});
  BOOST_TEST(says(*this, "closed"));
}

BOOST_AUTO_TEST_CASE(why_a_ballot_lost) {
  greet_both();
  open(true);
  take(second, Reject{run, ballot_of(me, 1), ballot_of(third, 9)});
  BOOST_TEST(says(*this, "queen 1 in epoch 1 was rejected: promised to queen 3 in epoch 9"));
  wait(timing::stagger);
  take(second, Claim{run, ballot_of(second, 11)});
  BOOST_TEST(says(*this, "queen 1 in epoch 10 gave way to queen 2 in epoch 11"));
}

BOOST_AUTO_TEST_CASE(a_claim_that_nobody_answers_is_told_as_such) {
  greet_both();
  open(true);
  for (int i = 0; i < 3; ++i) {
    wait(usual::hello);
    greet_both();
  }
  BOOST_TEST(says(*this, "queen 1 in epoch 1 found no majority in time"));
}

BOOST_AUTO_TEST_CASE(no_more_than_the_last_few_ballots_are_kept) {
  epochs = {};
  greet_both();
  for (std::uint32_t epoch = 1; epoch <= 20; ++epoch)
    take(second, Claim{run, ballot_of(second, epoch)});
  BOOST_TEST(contest().bids.size() == 8U);
  BOOST_CHECK(contest().bids.back().ballot.epoch == Epoch{20});
}

// R5.
BOOST_AUTO_TEST_CASE(who_drains_claims_only_what_nobody_else_would_lead) {
  greet_both();
  step([](Election& one) { one.set_standing(QueenStanding::drained); });
  open(true);
  BOOST_CHECK(contest().part == Part::follower);
  BOOST_TEST(says(*this, "is not to lead it, and others could"));
  unwilling = {second, third};
  greet_both();
  tick();
  wait(timing::stagger * 3);
  BOOST_CHECK(contest().part == Part::candidate);
}

BOOST_AUTO_TEST_CASE(who_drains_comes_after_those_who_do_not) {
  unwilling = {second, third};
  greet_both();
  open(true);
  BOOST_CHECK(contest().part == Part::candidate);  // whatever their weights
}

BOOST_AUTO_TEST_CASE(held_circuits_are_left_alone_until_the_next_boot) {
  greet_both();
  step([](Election& one) { one.hold({run}); });
  open(true);
  BOOST_CHECK(contest().part == Part::follower);
  BOOST_TEST(says(*this, "was told to leave it alone"));
  boot_again();
  greet_both();
  tick();
  wait(timing::stagger * 3);
  BOOST_CHECK(contest().part == Part::candidate);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace queenright::election
