#include "election/presence.hpp"

#include <boost/test/unit_test.hpp>
#include <chrono>

namespace queenright::election {
namespace {
BOOST_AUTO_TEST_SUITE(presence)

using messages::NodeId;
using messages::Roster;
using messages::Session;
using messages::WorkerHello;
using std::chrono::seconds;

constexpr NodeId self{1};
constexpr Instant start{std::chrono::hours{1}};
const Address worker{{4}, messages::worker_role()};
const Address beside{self, messages::worker_role()};

/// A queen who leads circuit 0, and expects both workers.
Presence judging() {
  Presence presence;
  presence.boot(self, start);
  presence.expect({{{worker, {7}, seconds{10}}, {beside, {3}, seconds{10}}}, {}, {}}, start);
  presence.judge(true, start);
  return presence;
}

WorkerHello hello(Session session = {7}) { return {session, {}, 0, 0}; }

BOOST_AUTO_TEST_CASE(who_is_silent_for_its_time_is_proposed_as_lost_and_again_after_a_while) {
  Presence presence = judging();
  presence.hear(worker, hello(), start + seconds{4});
  BOOST_CHECK(presence.next_look() == start + seconds{10});
  BOOST_TEST(presence.silent(start + seconds{10}).empty());
  BOOST_CHECK(presence.next_look() == start + seconds{14});
  const auto silent = presence.silent(start + seconds{14});
  BOOST_REQUIRE(silent.size() == 1U);  // not who is on her own node
  BOOST_CHECK(silent[0].worker == worker);
  BOOST_TEST(silent[0].session.value == 7U);
  BOOST_TEST(presence.silent(*presence.next_look()).size() == 1U);
}

BOOST_AUTO_TEST_CASE(only_the_session_that_is_expected_is_known) {
  Presence presence = judging();
  BOOST_CHECK(presence.hear(worker, hello(), start) == true);
  BOOST_CHECK(presence.hear(worker, hello({6}), start) == false);
  BOOST_CHECK(presence.hear({{5}, messages::worker_role()}, hello(), start) == false);
}

// Else its time to live would begin anew while the others count it as over.
BOOST_AUTO_TEST_CASE(who_was_proposed_as_lost_is_not_answered) {
  Presence presence = judging();
  presence.silent(start + seconds{10});
  BOOST_CHECK(!presence.hear(worker, hello(), start + seconds{11}).has_value());
  presence.judge(false, start + seconds{12});
  presence.judge(true, start + seconds{13});
  BOOST_CHECK(presence.hear(worker, hello(), start + seconds{14}) == true);
}

BOOST_AUTO_TEST_CASE(only_who_leads_judges_and_silence_counts_from_when_she_begins) {
  Presence presence = judging();
  presence.judge(false, start + seconds{5});
  BOOST_TEST(!presence.next_look().has_value());
  BOOST_TEST(presence.silent(start + seconds{20}).empty());
  presence.judge(true, start + seconds{30});
  BOOST_CHECK(presence.next_look() == start + seconds{40});
}

BOOST_AUTO_TEST_CASE(a_new_session_is_heard_of_when_it_is_expected) {
  Presence presence = judging();
  presence.silent(start + seconds{10});
  presence.expect({{}, {worker}, {}}, start + seconds{10});
  BOOST_TEST(presence.is_lost(worker));
  BOOST_TEST(!presence.next_look().has_value());
  presence.expect({{{worker, {8}, seconds{10}}}, {}, {}}, start + seconds{20});
  BOOST_TEST(!presence.is_lost(worker));
  BOOST_CHECK(presence.next_look() == start + seconds{30});
  BOOST_CHECK(presence.hear(worker, hello({8}), start + seconds{21}) == true);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace queenright::election
