#include <boost/test/unit_test.hpp>

#include "tests/election/voter.hpp"

/// How a circuit ends: R16.
namespace queenright::election {
namespace {

using messages::Ended;

struct Closer : Voter {
  void close() {
    step([](Election& one) { one.close(run); });
  }
  void end_it() {
    step([](Election& one) { one.ended(run); });
  }
  /// Learns that the run is closed, and has nothing said yet.
  void learn_closed() {
    greet_both();
    open(false);
    take(second, View{run, closed_ballot, true});
    said.clear();
  }
  void forget_it() {
    learn_closed();
    end_it();
    take(second, Ended{run});
    take(third, Ended{run});
    said.clear();
  }
  bool knows_closed() const {
    return !changes.empty() && changes.back().kind == PartChanged::Kind::closed;
  }
};

BOOST_FIXTURE_TEST_SUITE(closing, Closer)

BOOST_AUTO_TEST_CASE(a_root_closes_with_the_last_epoch_and_acts_until_a_majority_promised_it) {
  lead();
  close();
  const auto claims = told<Claim>(third);
  BOOST_TEST(claims.size() == 1U);
  BOOST_CHECK(claims[0].ballot == closing_of(me));
  sync();
  BOOST_TEST(acts());
  take(second, Grant{run, closing_of(me), epochs[second], {}, {}, {}});
  BOOST_TEST(!acts());
  BOOST_TEST(knows_closed());
  const auto views = told<View>(third);
  BOOST_TEST(views.size() == 1U);
  BOOST_CHECK(views[0].ballot == closed_ballot);
}

BOOST_AUTO_TEST_CASE(her_own_vote_for_a_closing_counts_when_it_is_durable) {
  lead();
  close();
  take(second, Grant{run, closing_of(me), epochs[second], {}, {}, {}});
  BOOST_TEST(!knows_closed());
  sync();
  BOOST_TEST(knows_closed());
}

BOOST_AUTO_TEST_CASE(a_root_who_meets_a_closing_promise_completes_it) {
  lead();
  take(third, Reject{run, contest().led, closing_of(third)});
  BOOST_TEST(acts());
  const auto claims = told<Claim>(second);
  BOOST_TEST(claims.size() == 1U);
  BOOST_CHECK(claims[0].ballot == closing_of(me));
}

BOOST_AUTO_TEST_CASE(without_the_rule_a_closing_that_was_begun_stays_so) {
  rules.set_broken(Rule::complete_closing);
  lead();
  take(third, Reject{run, contest().led, closing_of(third)});
  BOOST_TEST(told<Claim>(second).empty());
}

BOOST_AUTO_TEST_CASE(a_candidate_who_meets_a_closing_promise_completes_it) {
  greet_both();
  open(true);
  take(second, Reject{run, contest().claimed, closing_of(third)});
  wait(timing::stagger);
  BOOST_CHECK(contest().claimed == closing_of(me));
}

// The last epoch has none above it.
BOOST_AUTO_TEST_CASE(a_closing_is_claimed_again_after_it_found_no_majority) {
  greet_both();
  open(true);
  take(second, Reject{run, contest().claimed, closing_of(third)});
  wait(timing::stagger);
  for (int i = 0; i < 20 && contest().part == Part::candidate; ++i) {
    wait(usual::hello);
    greet_both();
  }
  for (int i = 0; i < 20 && contest().part == Part::follower; ++i) {
    wait(usual::hello);
    greet_both();
  }
  BOOST_CHECK(contest().claimed == closing_of(me));
  sync();
  take(second, Grant{run, closing_of(me), epochs[second], {}, {}, {}});
  BOOST_TEST(knows_closed());
}

BOOST_AUTO_TEST_CASE(closings_of_two_queens_do_not_bar_each_other) {
  epochs = {};  // she is not connected, so she claims nothing herself
  greet_both();
  const bool second_is_lower = closing_of(second) < closing_of(third);
  const NodeId lower = second_is_lower ? second : third;
  const NodeId higher = second_is_lower ? third : second;
  take(higher, Claim{run, closing_of(higher)});
  BOOST_TEST(told<Grant>(higher).size() == 1U);
  take(higher, Released{run, closing_of(higher), true, {}, "gave way"});
  take(lower, Claim{run, closing_of(lower)});
  BOOST_TEST(told<Grant>(lower).size() == 1U);
}

// I9: who holds the closing promise may still be acting in an epoch before it.
BOOST_AUTO_TEST_CASE(a_lease_stands_against_another_queens_closing) {
  greet_both();
  take(second, Claim{run, ballot_of(second, 3)});
  take(second, Claim{run, closing_of(second)});
  take(third, Claim{run, closing_of(third)});
  BOOST_CHECK(contest().promised == closing_of(second));
  BOOST_TEST(told<messages::Parked>(third).size() == 1U);
}

BOOST_AUTO_TEST_CASE(nothing_else_is_granted_once_a_closing_was) {
  greet_both();
  take(second, Claim{run, closing_of(second)});
  take(second, Released{run, closing_of(second), true, {}, ""});
  take(third, Claim{run, ballot_of(third, 9)});
  BOOST_CHECK(closes(told<Reject>(third).at(0).higher));
}

BOOST_AUTO_TEST_CASE(a_closed_circuit_is_claimed_no_more_and_who_claims_it_is_told) {
  learn_closed();
  BOOST_TEST(knows_closed());
  tick();
  wait(timing::stagger * 3);
  BOOST_TEST(told<Claim>(second).empty());
  take(third, Claim{run, ballot_of(third, 9)});
  BOOST_CHECK(told<View>(third).at(0).ballot == closed_ballot);
  BOOST_CHECK(contest().promised == Ballot{});
}

// Found by seed 34 of the hive on paper: nobody is asked to lead a circuit that is to be closed.
BOOST_AUTO_TEST_CASE(who_drains_completes_a_closing_too) {
  greet_both();
  open(false);
  step([](Election& one) { one.set_standing(QueenStanding::drained); });
  take(second, Claim{run, closing_of(second)});
  take(second, Released{run, closing_of(second), true, {}, ""});
  wait(timing::stagger * 3);
  BOOST_CHECK(contest().claimed == closing_of(me));
}

BOOST_AUTO_TEST_CASE(a_circuit_is_forgotten_when_all_queens_have_its_end) {
  learn_closed();
  end_it();
  BOOST_TEST(told<Ended>(second).size() == 1U);
  take(second, Ended{run});
  BOOST_TEST(!election.forgotten(run));
  take(third, Ended{run});
  BOOST_TEST(election.forgotten(run));
  BOOST_TEST(!election.knows(run));
  BOOST_CHECK(election.take_forgotten() == std::vector{run});
  BOOST_TEST(election.closed(run));
}

BOOST_AUTO_TEST_CASE(it_is_not_forgotten_without_this_queens_own_end) {
  learn_closed();
  take(second, Ended{run});
  take(third, Ended{run});
  BOOST_TEST(!election.forgotten(run));
  end_it();
  BOOST_TEST(election.forgotten(run));
}

// Seed 553 of the simulation: this queen had the end, said so, and then lost her journal.
BOOST_AUTO_TEST_CASE(an_end_that_all_others_have_forgotten_is_not_waited_for) {
  learn_closed();
  take(second, Ended{run, true});
  take(third, Ended{run, false});
  BOOST_TEST(!election.forgotten(run));  // the third one may still have it
  take(third, Ended{run, true});
  BOOST_TEST(election.forgotten(run));
  BOOST_CHECK(election.take_forgotten() == std::vector{run});
}

// Seed 553 too: the third queen had the end when she was first asked, and forgot it then.
BOOST_AUTO_TEST_CASE(who_lacks_the_end_asks_those_again_who_said_that_they_have_it) {
  learn_closed();
  take(third, Ended{run, false});
  said.clear();
  now = now + timing::endings;
  greet_both();
  tick();
  BOOST_CHECK(told<View>(third).at(0).ballot == closed_ballot);
}

BOOST_AUTO_TEST_CASE(whoever_asks_about_a_forgotten_circuit_is_told_that_it_is_over) {
  forget_it();
  const auto told_over = [&] {
    const bool view = told<View>(second).size() == 1;
    return view;
  };
  take(second, Claim{run, ballot_of(second, 9)});
  BOOST_TEST(told_over());
  take(second, View{run, ballot_of(second, 9), false});
  BOOST_TEST(told_over());
  take(second, Probe{run, ballot_of(me, 9)});
  BOOST_TEST(told<Ended>(second).size() == 1U);
  step([](Election& one) { one.open(run, true); });
  BOOST_TEST(!election.knows(run));
}

/// Two queens who have both forgotten it would answer each other for ever.
BOOST_AUTO_TEST_CASE(an_answer_about_a_forgotten_circuit_is_not_answered_for_ever) {
  forget_it();
  take(second, View{run, closed_ballot, true});
  BOOST_TEST(told<View>(second).empty());
  take(second, View{run, closed_ballot, true});
  BOOST_TEST(told<Ended>(second).size() == 1U);
  take(second, Ended{run});
  BOOST_TEST(told<Ended>(second).empty());
}

// Each may lack another one's word, all around.
BOOST_AUTO_TEST_CASE(a_queen_whose_word_is_missing_is_asked_slowly_and_answers) {
  learn_closed();
  end_it();
  take(second, Ended{run});
  tick();
  said.clear();
  now = now + timing::endings;
  greet_both();
  tick();
  BOOST_TEST(told<View>(second).empty());
  BOOST_TEST(said[third].size() == 2U);
  BOOST_TEST(told<Ended>(third).size() == 1U);
  tick();
  BOOST_TEST(told<Ended>(third).empty());
  take(second, View{run, closed_ballot, true});
  BOOST_TEST(told<Ended>(second).size() == 1U);
}

BOOST_AUTO_TEST_CASE(who_tells_of_a_root_of_a_closed_circuit_learns_that_it_is_closed) {
  learn_closed();
  take(third, View{run, ballot_of(third, 4), false});
  BOOST_CHECK(told<View>(third).at(0).ballot == closed_ballot);
}

// R13.
BOOST_AUTO_TEST_CASE(a_closed_circuit_makes_no_difference_between_views) {
  const auto nothing = election.views();
  greet_both();
  take(second, View{run, ballot_of(second, 4), false});
  BOOST_TEST(election.views() != nothing);
  take(second, View{run, closed_ballot, true});
  BOOST_TEST(election.views() == nothing);
}

BOOST_AUTO_TEST_CASE(of_too_many_closed_circuits_the_oldest_is_forgotten) {
  greet_both();
  for (std::uint64_t c = 1; c <= 1025; ++c) take(second, View{{c}, closed_ballot, true});
  BOOST_TEST(election.forgotten({1}));
  BOOST_TEST(!election.forgotten({2}));
}

BOOST_AUTO_TEST_CASE(circuits_in_order_are_one_interval) {
  CircuitSet set;
  for (const std::uint64_t c : {1U, 2U, 5U, 3U, 4U, 9U}) set.insert({c});
  BOOST_TEST(set.intervals.size() == 2U);
  BOOST_TEST(set.contains({4}));
  BOOST_TEST(!set.contains({6}));
  set.insert({6}, {8});
  BOOST_TEST(set.intervals.size() == 1U);
  BOOST_CHECK(*set.last_from({2}) == CircuitId{9});
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace queenright::election
