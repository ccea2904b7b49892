#include "persistence/role_life.hpp"

#include <boost/test/unit_test.hpp>
#include <vector>

#include "tests/toys/toy_role.hpp"

namespace queenright::persistence {
namespace {

using messages::Input;
using messages::Instant;
using std::chrono::milliseconds;

/// A toy at the beginning of its life, and what its turns are given.
class Toyland : public Sequencer, public messages::Outlet, public messages::Clock {
 public:
  messages::Position append(const TurnRecord&, std::vector<HeldEffect>) override {
    return {++records};
  }
  void add_snapshot(messages::RoleId, messages::RoleSequence, std::uint32_t, std::string) override {
  }
  void forget_snapshot(messages::RoleId retired) override { forgotten.push_back(retired); }
  messages::Position synced() const override { return {records}; }
  void release(messages::TraceId, messages::Cause, messages::Effect) override {}
  Instant now() const override { return time; }
  messages::WallTime wall() const override { return {}; }

  std::optional<RoleEnd> take(Input::Body body) {
    return life.take(turn, *this, {}, {}, std::move(body));
  }
  void set_deadline(std::int32_t after) { BOOST_TEST(!take(toys::say("due", after))); }
  Instant after(std::int32_t span) const { return time + milliseconds{span}; }

  Instant time{std::chrono::seconds{7}};
  std::uint64_t records = 0;
  std::vector<messages::RoleId> forgotten;
  toys::ToyCatalogue catalogue;
  Turn turn{toys::node, catalogue, *this, *this, *this};
  RoleLife life{{messages::queen_role(), catalogue.make(messages::queen_role()), {}}};
};

BOOST_FIXTURE_TEST_SUITE(role_life, Toyland)

BOOST_AUTO_TEST_CASE(one_tick_is_on_its_way_however_often_it_is_asked_for) {
  BOOST_TEST(!life.next_tick());
  set_deadline(20);
  BOOST_TEST((life.next_tick() == after(20)));
  BOOST_TEST(!life.next_tick());
  set_deadline(30);
  BOOST_TEST(!life.next_tick());
}

BOOST_AUTO_TEST_CASE(an_earlier_deadline_asks_for_an_earlier_tick) {
  set_deadline(20);
  BOOST_TEST((life.next_tick() == after(20)));
  set_deadline(10);
  BOOST_TEST((life.next_tick() == after(10)));
}

BOOST_AUTO_TEST_CASE(a_tick_that_comes_before_the_deadline_is_followed_by_another_one) {
  set_deadline(20);
  BOOST_TEST((life.next_tick() == after(20)));
  set_deadline(30);
  time = after(20);
  BOOST_CHECK(life.ticked(time, time) == RoleLife::Tick::early);
  BOOST_TEST((life.next_tick() == after(10)));
  time = after(10);
  BOOST_CHECK(life.ticked(time, time) == RoleLife::Tick::due);
}

// Else each deadline that moved would leave one more tick on its way, for ever.
BOOST_AUTO_TEST_CASE(a_tick_for_which_an_earlier_one_was_asked_is_not_followed_by_another_one) {
  set_deadline(20);
  const auto late = life.next_tick();
  set_deadline(10);
  const auto early = life.next_tick();
  set_deadline(30);
  time = *early;
  BOOST_CHECK(life.ticked(*early, time) == RoleLife::Tick::early);
  BOOST_TEST(life.next_tick().has_value());
  time = *late;
  BOOST_CHECK(life.ticked(*late, time) == RoleLife::Tick::superseded);
  BOOST_TEST(!life.next_tick());
}

BOOST_AUTO_TEST_CASE(a_tick_that_is_lost_is_asked_for_again) {
  set_deadline(20);
  BOOST_TEST((life.next_tick() == after(20)));
  life.lose_tick();
  BOOST_TEST((life.next_tick() == after(20)));
}

BOOST_AUTO_TEST_CASE(who_retires_ends_and_leaves_no_snapshot) {
  const auto end = take(messages::Retired{});
  BOOST_REQUIRE(end.has_value());
  BOOST_TEST(end->broken == "");
  BOOST_TEST(records == 1U);
  BOOST_TEST((forgotten == std::vector{messages::queen_role()}));
}

BOOST_AUTO_TEST_CASE(who_breaks_an_invariant_ends_and_keeps_its_snapshot) {
  const auto end = take(toys::say("break"));
  BOOST_REQUIRE(end.has_value());
  BOOST_TEST(end->broken == "a toy holds");
  BOOST_TEST(records == 1U);
  BOOST_TEST(forgotten.empty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace queenright::persistence
