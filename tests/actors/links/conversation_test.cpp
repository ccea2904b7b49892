#include "actors/links/conversation.hpp"

#include <boost/test/unit_test.hpp>
#include <chrono>

namespace queenright::links {

using messages::Duration;
using messages::Frame;
using messages::Instant;
using messages::NodeId;
using std::chrono::milliseconds;

namespace {

constexpr std::uint64_t room = 1U << 20U;

Identity identity(std::uint16_t node, std::uint64_t process, std::uint32_t incarnation = 1) {
  return {7, {node}, {incarnation}, {process}};
}

/// Two nodes whose frames this test carries.
struct Two {
  Conversation here{identity(1, 100), {2}};
  Conversation there{identity(2, 200), {1}};
  Instant now{std::chrono::hours{1}};

  /// Letters that come of all that `from` has to say.
  std::vector<std::string> carry(Conversation& from, Conversation& to) {
    std::vector<std::string> letters;
    while (auto frame = from.next(now, room)) {
      auto taken = to.take(*frame, now);
      BOOST_TEST(taken.refused == "");
      letters.insert(letters.end(), taken.letters.begin(), taken.letters.end());
    }
    return letters;
  }
  void lose(Conversation& from) {
    while (from.next(now, room)) {
    }
  }
};

using Letters = std::vector<std::string>;

void check_equal(const Letters& left, const Letters& right) {
  BOOST_TEST(left == right, boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_SUITE(conversation, Two)

BOOST_AUTO_TEST_CASE(letters_of_one_turn_go_in_one_frame) {
  for (const auto* text : {"a", "b", "c"}) here.add(text, false);
  const auto frame = here.next(now, room);
  BOOST_REQUIRE(frame);
  check_equal(frame->letters, {"a", "b", "c"});
  BOOST_TEST(!here.next(now, room));
}

BOOST_AUTO_TEST_CASE(what_is_lost_is_sent_again_when_no_answer_comes) {
  here.add("a", false);
  lose(here);
  here.add("b", false);
  check_equal(carry(here, there), {});  // b alone: the one before it is missing
  now = now + milliseconds{600};
  check_equal(carry(here, there), {"a", "b"});
}

BOOST_AUTO_TEST_CASE(what_was_lost_with_a_connection_is_sent_again_with_the_next) {
  here.add("a", false);
  lose(here);
  here.connected();
  check_equal(carry(here, there), {"a"});
}

BOOST_AUTO_TEST_CASE(what_is_acknowledged_is_not_sent_again) {
  here.add("a", false);
  carry(here, there);
  now = now + milliseconds{20};
  carry(there, here);
  here.connected();
  check_equal(carry(here, there), {});
  BOOST_TEST(here.outgoing().waiting_bytes() == 0U);
}

BOOST_AUTO_TEST_CASE(what_comes_twice_is_taken_once) {
  here.add("a", false);
  carry(here, there);
  here.connected();
  check_equal(carry(here, there), {});
  BOOST_TEST(here.outgoing().repeated() == 1U);
}

BOOST_AUTO_TEST_CASE(fleeting_letters_go_first_and_are_never_sent_again) {
  here.add("kept", false);
  here.add("fleeting", true);
  check_equal(carry(here, there), {"fleeting", "kept"});
  here.add("lost", true);
  lose(here);
  here.connected();
  now = now + milliseconds{600};
  check_equal(carry(here, there), {});
}

BOOST_AUTO_TEST_CASE(no_more_is_under_way_than_there_is_room_for) {
  here.add("x", false);
  carry(here, there);
  now = now + milliseconds{20};
  const auto ack = there.next(now, 10);
  BOOST_REQUIRE(ack);
  here.take(*ack, now);
  for (int i = 0; i < 5; ++i) here.add("12345", false);
  BOOST_TEST(here.next(now, room)->letters.size() == 2U);
  BOOST_TEST(!here.next(now, room));
}

BOOST_AUTO_TEST_CASE(who_had_no_room_tells_when_there_is_some) {
  here.add("a", false);
  carry(here, there);
  now = now + milliseconds{20};
  BOOST_REQUIRE(there.next(now, 0));
  BOOST_TEST(!there.next(now, 0));
  BOOST_REQUIRE(there.next_wake());
  const auto told = there.next(now, room);
  BOOST_REQUIRE(told);
  BOOST_TEST(told->ack.room == room);
}

BOOST_AUTO_TEST_CASE(a_letter_larger_than_all_room_goes_alone) {
  here.add(std::string(room + 1, 'x'), false);
  here.add("after", false);
  BOOST_TEST(here.next(now, room)->letters.size() == 1U);
  BOOST_TEST(!here.next(now, room));
}

BOOST_AUTO_TEST_CASE(what_a_process_was_to_get_is_not_given_to_its_successor) {
  here.add("a", false);
  carry(here, there);
  there.add("hello", true);
  carry(there, here);
  here.add("for the old one", false);
  lose(here);
  Conversation successor{identity(2, 201, 2), {1}};
  successor.add("hello", true);
  carry(successor, here);
  here.add("for the new one", false);
  check_equal(carry(here, successor), {"for the new one"});
}

BOOST_AUTO_TEST_CASE(a_process_that_forgot_the_stream_gets_a_new_one) {
  here.add("a", false);
  carry(here, there);
  now = now + milliseconds{20};
  carry(there, here);
  Conversation successor{identity(2, 201, 2), {1}};
  here.add("b", false);
  check_equal(carry(here, successor), {});  // the second of a stream that it does not know
  now = now + milliseconds{20};
  carry(successor, here);
  here.add("c", false);
  check_equal(carry(here, successor), {"c"});
}

BOOST_AUTO_TEST_CASE(goodbye_is_the_last_word_of_a_process) {
  const auto taken = here.take(there.goodbye(now), now);
  BOOST_TEST(taken.goodbye);
  there.add("late", true);
  const auto late = there.next(now, room);
  BOOST_TEST(here.take(*late, now).refused == "its process was proven to be over");
}

BOOST_AUTO_TEST_CASE(round_trips_are_measured_without_the_time_between_them) {
  here.add("a", true);
  auto frame = here.next(now, room);
  now = now + milliseconds{3};
  there.take(*frame, now);
  now = now + milliseconds{100};
  there.add("b", true);
  frame = there.next(now, room);
  now = now + milliseconds{3};
  here.take(*frame, now);
  BOOST_REQUIRE(here.round_trip());
  BOOST_TEST((*here.round_trip() == Duration{milliseconds{6}}));
}

BOOST_AUTO_TEST_CASE(another_version_and_another_hive_are_refused_with_the_reason) {
  here.add("a", true);
  auto frame = *here.next(now, room);
  frame.version = 9;
  BOOST_TEST(there.take(frame, now).refused ==
             "it speaks version 9 of the links' language, this node version 1");
  frame.version = 1;
  frame.hive = 8;
  BOOST_TEST(there.take(frame, now).refused.starts_with("it was told otherwise of the hive"));
  frame.hive = 7;
  frame.from = {3};
  BOOST_TEST(there.take(frame, now).refused == "its key is node 1's, and it calls itself node 3");
}

/// A frame of a process that says it is node 2, as it comes to node 1.
Frame frame_of(std::uint64_t process, std::uint32_t incarnation, Instant now) {
  Conversation speaker{identity(2, process, incarnation), {1}};
  speaker.add("x", false);
  return speaker.next(now, room).value();
}

BOOST_AUTO_TEST_CASE(an_earlier_start_of_a_node_is_refused_and_told_so) {
  BOOST_TEST(here.take(frame_of(201, 5, now), now).refused == "");
  const auto taken = here.take(frame_of(200, 4, now), now);
  BOOST_TEST(taken.refused == "it is of a process that is over");
  BOOST_REQUIRE(taken.dismissal);
  BOOST_CHECK(taken.dismissal->dismissal.process == messages::ProcessId{200});
  const std::string& reason = taken.dismissal->dismissal.reason;
  BOOST_TEST(reason.find("start 4 of node 2") != std::string::npos);
  BOOST_TEST(reason.find("start 5") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_second_process_of_one_start_is_refused_however_long_the_first_is_silent) {
  BOOST_TEST(here.take(frame_of(200, 4, now), now).refused == "");
  now = now + std::chrono::hours{1};
  const auto taken = here.take(frame_of(201, 4, now), now);
  BOOST_TEST(taken.refused == "two processes say that they are this node");
  BOOST_TEST(taken.dismissal.has_value());
}

BOOST_AUTO_TEST_CASE(a_dismissal_is_taken_by_the_process_that_is_meant) {
  here.take(frame_of(201, 5, now), now);
  const auto dismissal = here.take(frame_of(200, 4, now), now).dismissal.value();
  BOOST_TEST(there.take(dismissal, now).dismissed != "");
  Conversation successor{identity(2, 202, 6), {1}};
  BOOST_TEST(successor.take(dismissal, now).dismissed == "");
}

BOOST_AUTO_TEST_CASE(who_is_of_another_hive_or_node_is_not_dismissed) {
  here.take(frame_of(201, 5, now), now);
  Frame other_hive = frame_of(200, 4, now);
  other_hive.hive = 8;
  BOOST_TEST(!here.take(other_hive, now).dismissal);
  Frame other_node = frame_of(200, 4, now);
  other_node.from = {3};
  BOOST_TEST(!here.take(other_node, now).dismissal);
}

BOOST_AUTO_TEST_CASE(letters_that_wait_are_bounded) {
  const std::string megabyte(1U << 20U, 'x');
  int kept = 0;
  while (here.add(megabyte, false)) ++kept;
  BOOST_TEST(kept == 64);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace queenright::links
