#include "messages/effect.hpp"

#include <boost/test/unit_test.hpp>
#include <ostream>
#include <set>

#include "messages/ensure.hpp"
#include "messages/result.hpp"

namespace queenright::messages {

inline std::ostream& operator<<(std::ostream& out, Release release) {
  return out << static_cast<int>(release);
}

namespace {
BOOST_AUTO_TEST_SUITE(effects)

const Address queen{NodeId{1}, queen_role()};
const Address circuit{NodeId{1}, circuit_role(CircuitId{7})};

Release mark(Effect::Body body) { return release_of(Effect{std::move(body)}); }

std::vector<std::size_t> items_in_each(const std::vector<Effect>& effects) {
  std::vector<std::size_t> counts;
  for (const auto& effect : effects) {
    const auto* send = std::get_if<Send>(&effect.body);
    counts.push_back(send == nullptr ? 0 : send->items.size());
  }
  return counts;
}

BOOST_AUTO_TEST_CASE(what_promises_nothing_leaves_at_once) {
  for (const Item& item : {Item{Submit{}}, Item{Reply{}}, Item{Watch{}}, Item{SinkEffect{}}})
    BOOST_TEST(release_of(item) == Release::eager);
}

BOOST_AUTO_TEST_CASE(what_stays_in_the_node_is_handed_over_without_waiting) {
  for (const Item& item : {Item{Committed{}}, Item{Applied{}}, Item{Events{}}})
    BOOST_TEST(release_of(item) == Release::when_local);
  BOOST_TEST(mark(Restart{}) == Release::when_local);
  BOOST_TEST(mark(Retire{}) == Release::when_local);
}

BOOST_AUTO_TEST_CASE(what_promises_durability_waits_for_the_sync_even_within_the_node) {
  for (const Item& item : {Item{Self{}}, Item{SinkAck{}}})
    BOOST_TEST(release_of(item) == Release::held);
  BOOST_TEST(mark(Spawn{}) == Release::held);
  BOOST_TEST(mark(EndChild{}) == Release::held);
  BOOST_TEST(mark(SweepCircuit{}) == Release::held);
  BOOST_TEST(mark(StopNode{}) == Release::held);
}

BOOST_AUTO_TEST_CASE(an_acknowledgement_waits_when_it_says_something_of_a_log) {
  BOOST_TEST(release_of(Item{Appended{{}, {}, {{1}, {3}, {2}}, false}}) == Release::held);
  BOOST_TEST(release_of(Item{Appended{{}, {}, {{1}, {}, {}}, true}}) == Release::held);
  BOOST_TEST(release_of(Item{Appended{{}, {}, {{}, {}, {2}}, false}}) == Release::eager);
}

// R16, A-R13: it says that a majority has the end, and who says it is one of them.
BOOST_AUTO_TEST_CASE(the_claim_of_a_closing_waits_and_no_other_claim_does) {
  BOOST_TEST(release_of(Item{Claim{{}, {closed_epoch, 0, {}, {}}}}) == Release::held);
  BOOST_TEST(release_of(Item{Claim{{}, {{7}, 0, {}, {}}}}) == Release::eager);
}

BOOST_AUTO_TEST_CASE(a_send_has_the_mark_of_its_items) {
  BOOST_TEST(mark(Send{queen, {Self{}}}) == Release::held);
  BOOST_TEST(mark(Send{queen, {Applied{}}}) == Release::when_local);
  BOOST_TEST(mark(Send{queen, {Submit{}}}) == Release::eager);
}

BOOST_AUTO_TEST_CASE(items_for_one_address_and_of_one_mark_become_one_send) {
  Effects effects;
  effects.send(queen, Submit{});
  effects.send(circuit, Committed{});
  effects.send(queen, SinkAck{});
  effects.send(queen, Submit{});
  effects.emit(Retire{});
  effects.send(circuit, Committed{});
  const std::vector<std::size_t> expected{2, 2, 1, 0};
  const auto counts = items_in_each(effects.take());
  BOOST_TEST(counts == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_item_joins_the_last_send_of_its_address_and_mark_of_many) {
  Effects effects;
  for (const std::uint64_t round : {0, 1})
    for (std::uint64_t number = 0; number < 1'000; ++number) {
      const Address to{NodeId{1}, circuit_role(CircuitId{number})};
      if (round == 0 && number % 2 == 0) effects.emit(Send{to, {Committed{}}});
      effects.send(to, Committed{});
      effects.send(to, Checkpoint{});
    }
  const auto all = effects.take();
  BOOST_REQUIRE(all.size() == 1'000U);
  for (std::uint64_t number = 0; number < all.size(); ++number) {
    const auto& send = std::get<Send>(all[number].body);
    BOOST_TEST(send.to.role.number == number);
    BOOST_TEST(send.items.size() == (number % 2 == 0 ? 5U : 4U));
  }
}

BOOST_AUTO_TEST_CASE(taken_effects_are_gone) {
  Effects effects;
  effects.emit(Retire{});
  effects.send(queen, Submit{});
  BOOST_TEST(effects.take().size() == 2U);
  BOOST_TEST(effects.take().empty());
  effects.send(queen, Submit{});
  BOOST_TEST(effects.take().size() == 1U);
}

BOOST_AUTO_TEST_CASE(people_call_a_role_by_its_kind_and_where_there_are_many_its_number) {
  BOOST_TEST(name_of(supervisor_role()) == "supervisor");
  BOOST_TEST(name_of(queen_role()) == "queen");
  BOOST_TEST(name_of(worker_role()) == "worker");
  BOOST_TEST(name_of(circuit_role(CircuitId{7})) == "circuit/7");
  BOOST_TEST(name_of({RoleKind::client, 3}) == "client/3");
  BOOST_TEST(name_of({RoleKind::none, 0}) == "none");
}

BOOST_AUTO_TEST_CASE(a_result_is_a_value_or_a_reason_and_asking_for_the_other_is_a_bug) {
  const Result<int> accepted(5);
  const Result<int> refused(Refusal{"no such run"});
  BOOST_TEST(accepted.value() == 5);
  BOOST_TEST(refused.reason() == "no such run");
  BOOST_CHECK_THROW(static_cast<void>(refused.value()), BrokenInvariant);
  BOOST_CHECK_THROW(static_cast<void>(accepted.reason()), BrokenInvariant);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace queenright::messages
