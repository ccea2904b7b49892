#include <boost/test/unit_test.hpp>

#include "tests/election/two_queens.hpp"

namespace queenright::election {
namespace {

BOOST_FIXTURE_TEST_SUITE(support, TwoQueens)

BOOST_AUTO_TEST_CASE(nobody_supports_anybody_at_first) {
  BOOST_TEST(!first.supports(b, messages::first_session({1})));
  BOOST_TEST(!first.supported_by(b, now));
  BOOST_TEST(!first.connected(now));
}

// R2.
BOOST_AUTO_TEST_CASE(one_who_does_not_hear_is_not_supported) {
  for (int i = 0; i < 10; ++i) {
    hear(b, hello_of(a));  // nothing comes back
    wait(usual::hello);
  }
  BOOST_TEST(!second.supports(a, messages::first_session({1})));
  greet(b);
  hear(b, hello_of(a));
  BOOST_TEST(second.supports(a, messages::first_session({1})));
}

// R4.
BOOST_AUTO_TEST_CASE(two_of_three_are_connected_once_they_have_heard_each_other) {
  meet();
  BOOST_TEST(first.connected(now));
  BOOST_TEST(second.connected(now));
}

// R4: whatever the delay, the lease of who asks ends first.
BOOST_AUTO_TEST_CASE(a_lease_is_counted_from_when_the_hello_was_sent) {
  meet();
  const Said late = hello_of(a);
  const Instant sent = now;
  wait(milliseconds{40});
  hear(b, late);
  wait(milliseconds{40});
  answer(b);
  BOOST_TEST(first.supported_by(b, now));
  BOOST_CHECK(first.pair(b).got_until == sent + usual::supported);
  BOOST_CHECK(*second.pair(a).until == sent + milliseconds{40} + usual::lease);
}

// R4: an answer that only shows that the hello came extends nothing.
BOOST_AUTO_TEST_CASE(a_hello_that_was_heard_and_not_supported_extends_no_lease) {
  hear(b, hello_of(a));
  answer(b);
  BOOST_TEST(!first.supported_by(b, now));
}

// R3.
BOOST_AUTO_TEST_CASE(support_ends_with_its_time_and_its_epoch_with_it) {
  meet();
  const SupportEpoch before = second.epoch_given(a);
  second.take_withdrawn();
  wait(usual::lease - std::chrono::nanoseconds{1});
  BOOST_TEST(second.take_withdrawn().empty());
  wait(std::chrono::nanoseconds{1});
  BOOST_CHECK(second.take_withdrawn() == std::vector{a});
  BOOST_TEST(!second.supports(a, messages::first_session({1})));
  BOOST_CHECK(second.epoch_given(a) > before);
  BOOST_TEST(second.take_withdrawn().empty());
}

BOOST_AUTO_TEST_CASE(the_lease_of_who_is_supported_ends_before_the_support) {
  meet();
  while (first.supported_by(b, now)) wait(milliseconds{1});
  BOOST_TEST(second.supports(a, messages::first_session({1})));
}

// R3, R11.
BOOST_AUTO_TEST_CASE(a_new_session_ends_the_support_of_the_old_one) {
  meet();
  const SupportEpoch before = second.epoch_given(a);
  first.renew_session();
  BOOST_TEST(!first.supported_by(b, now));
  hear(b, hello_of(a));
  BOOST_CHECK(second.take_withdrawn() == std::vector{a});
  BOOST_CHECK(second.epoch_given(a) > before);
  BOOST_TEST(!second.supports(a, messages::first_session({1})));
}

BOOST_AUTO_TEST_CASE(what_was_said_in_a_session_that_is_over_does_not_count) {
  const Said old = hello_of(a);
  first.renew_session();
  meet();
  BOOST_TEST(!hear(b, old));
}

// R17.
BOOST_AUTO_TEST_CASE(after_a_proof_of_exit_only_a_newer_session_counts) {
  meet();
  const Said last = hello_of(a);
  second.exit_proven(a, {1});
  BOOST_CHECK(second.take_withdrawn() == std::vector{a});
  BOOST_TEST(!hear(b, last));
  first.boot(a, {a, b, silent}, {2});
  BOOST_TEST(hear(b, hello_of(a)));
}

// R15: an epoch of before never comes again.
BOOST_AUTO_TEST_CASE(support_epochs_rise_over_a_boot) {
  meet();
  wait(usual::lease);
  const SupportEpoch before = second.epoch_given(a);
  second.boot(b, {a, b, silent}, {2});
  BOOST_CHECK(second.epoch_given(a) > before);
}

BOOST_AUTO_TEST_CASE(a_grant_of_the_support_before_is_void_at_its_holder_too) {
  meet();
  const SupportEpoch before = first.epoch_got(b);
  wait(usual::lease);
  meet();
  BOOST_CHECK(first.epoch_got(b) > before);
  BOOST_CHECK(first.epoch_got(b) == second.epoch_given(a));
}

// R5.
BOOST_AUTO_TEST_CASE(a_third_queens_word_counts_when_it_is_fresher) {
  meet();
  Said said = hello_of(b);
  said.hello.evidence = {{silent, messages::first_session({1}), Duration{}}};
  wait(usual::fresher);
  hear(a, said);
  BOOST_TEST(first.heard_by_others(silent, messages::first_session({1}), now));
  BOOST_TEST(!first.heard_by_others(silent, messages::first_session({2}), now));
  wait(usual::lease);
  BOOST_TEST(!first.heard_by_others(silent, messages::first_session({1}), now));
}

// R5: what was led in the session before is over, as its holder says by the newer one.
BOOST_AUTO_TEST_CASE(a_word_of_a_newer_session_keeps_no_root_of_an_older_one) {
  meet();
  Said said = hello_of(b);
  said.hello.evidence = {{silent, messages::first_session({2}), Duration{}}};
  wait(usual::fresher);
  hear(a, said);
  BOOST_TEST(first.heard_by_others(silent, messages::first_session({2}), now));
  BOOST_TEST(!first.heard_by_others(silent, messages::first_session({1}), now));
}

// R5: a queen who booted after the root fell silent would wait for ever.
BOOST_AUTO_TEST_CASE(an_old_word_of_a_third_queen_counts_for_nothing_though_ones_own_is_older) {
  meet();  // nothing was ever heard of the third one here
  const auto heard = [&](Duration age) {
    Said said = hello_of(b);
    said.hello.evidence = {{silent, messages::first_session({1}), age}};
    hear(a, said);
    return first.heard_by_others(silent, messages::first_session({1}), now);
  };
  BOOST_TEST(heard(usual::lease - std::chrono::nanoseconds{1}));
  BOOST_TEST(!heard(usual::lease));
}

// A-R15.
BOOST_AUTO_TEST_CASE(the_highest_incarnations_are_told_on) {
  first.boot(a, {a, b, silent}, {7});
  hear(b, hello_of(a));
  BOOST_CHECK(second.contact(silent).incarnations.at(a) == Incarnation{7});
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace queenright::election
