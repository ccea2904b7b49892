#include "election/turns.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/election/voter.hpp"

/// Thousands of circuits whose grants are wanted at once.
namespace queenright::election {
namespace {
BOOST_AUTO_TEST_SUITE(claims_in_turn)

constexpr std::uint64_t many = 1000;

/// All of them are hers to claim: nobody else would lead.
void open_many(Voter& voter) {
  voter.unwilling = {second, third};
  voter.greet_both();
  voter.step([](Election& election) {
    for (std::uint64_t circuit = 1; circuit <= many; ++circuit) election.open({circuit}, true);
  });
}

std::set<CircuitId> claimed_from(Voter& voter, NodeId queen) {
  std::set<CircuitId> circuits;
  for (const auto& claim : voter.told<Claim>(queen)) circuits.insert(claim.circuit);
  return circuits;
}

void grant(Voter& voter, NodeId from, const std::set<CircuitId>& circuits) {
  voter.sync();
  for (const auto circuit : circuits)
    voter.take(
        from,
        messages::Grant{
            circuit, voter.election.contest(circuit).claimed, voter.epochs[from], {}, {}, {}});
}

BOOST_FIXTURE_TEST_CASE(of_thousands_some_are_claimed_at_once_in_the_order_of_their_numbers,
                        Voter) {
  open_many(*this);
  const auto claimed = claimed_from(*this, second);
  BOOST_TEST(claimed.size() == Turns::at_once);
  BOOST_CHECK(*claimed.rbegin() == CircuitId{Turns::at_once});
}

BOOST_FIXTURE_TEST_CASE(the_next_are_claimed_as_the_first_are_won, Voter) {
  open_many(*this);
  std::set<CircuitId> won;
  while (won.size() < many) {
    const auto claimed = claimed_from(*this, second);
    BOOST_REQUIRE(!claimed.empty());
    BOOST_TEST(claimed.size() <= Turns::at_once);
    grant(*this, second, claimed);
    won.insert(claimed.begin(), claimed.end());
  }
  for (std::uint64_t circuit = 1; circuit <= many; ++circuit)
    BOOST_TEST(election.acting(CircuitId{circuit}));
}

BOOST_FIXTURE_TEST_CASE(who_is_not_answered_does_not_keep_others_from_their_turn, Voter) {
  open_many(*this);
  auto claimed = claimed_from(*this, second);
  for (int round = 0; round < 3; ++round) {
    tick();
    claimed.merge(claimed_from(*this, second));
  }
  BOOST_TEST(claimed.size() == many);
}

// R10: it begins when she asks, and she asks when it is their turn.
BOOST_FIXTURE_TEST_CASE(no_circuit_lapses_before_its_grants_were_asked_for, Voter) {
  open_many(*this);
  for (std::uint64_t won = 0; won < many;) {
    const auto claimed = claimed_from(*this, second);
    BOOST_REQUIRE(!claimed.empty());
    grant(*this, second, claimed);
    won += claimed.size();
  }
  ++epochs[second].value;  // all of its grants count no more
  greet_both();
  for (int i = 0; i < 3; ++i) {  // twice as long as a root keeps what she can't have
    tick();
    now = now + usual::hello;
    greet_both();
  }
  const auto waits = election.state().turns.waiting.size();
  BOOST_TEST(waits > 0U);
  std::size_t released = 0;
  for (std::uint64_t circuit = 1; circuit <= many; ++circuit)
    released += election.contest({circuit}).part == Part::root ? 0 : 1;
  BOOST_TEST(released <= Turns::at_once);
}

BOOST_AUTO_TEST_CASE(while_much_is_opening_a_few_are_asked_for_all_the_same) {
  Turns turns;
  for (std::uint64_t circuit = 1; circuit <= many; ++circuit) turns.waiting.insert({circuit});
  std::size_t asked = 0;
  for (; const auto turn = turns.next(many); ++asked) turns.asked.insert(*turn);
  BOOST_TEST(asked == Turns::always);
}

BOOST_AUTO_TEST_CASE(of_thousands_some_are_looked_at_with_a_tick_and_all_in_turn) {
  constexpr std::uint64_t thousands = 3 * Watchlist::at_once - 100;
  Watchlist list;
  for (std::uint64_t circuit = 1; circuit <= thousands; ++circuit) list.insert({circuit});
  std::set<CircuitId> seen;
  for (int tick = 0; tick < 3; ++tick) {
    const auto now = list.next();
    BOOST_TEST(now.size() == Watchlist::at_once);
    seen.insert(now.begin(), now.end());
  }
  BOOST_TEST(seen.size() == thousands);
}

BOOST_AUTO_TEST_CASE(of_few_all_are_looked_at_with_each_tick) {
  Watchlist list;
  for (const std::uint64_t circuit : {7, 3, 5}) list.insert({circuit});
  for (int tick = 0; tick < 2; ++tick)
    BOOST_CHECK((list.next() == std::vector<CircuitId>{{3}, {5}, {7}}));
  list.erase({5});
  BOOST_CHECK((list.next() == std::vector<CircuitId>{{3}, {7}}));
}

BOOST_AUTO_TEST_SUITE_END()
}  // namespace
}  // namespace queenright::election
