#include <boost/test/unit_test.hpp>

#include "messages/reader.hpp"
#include "tests/election/lone_queen.hpp"
#include "tests/restored_anywhere.hpp"

namespace queenright::election {
namespace {

using messages::hive_circuit;
using messages::Propose;
using messages::RunChanged;
using messages::RunStatus;
using std::chrono::seconds;

/// A life with some of everything: what waits, what is said twice, what is lost and what ends.
LoneQueen eventful() {
  LoneQueen queen = with_effects(
      {start_attempt(1), start_attempt(2),
       Propose{hive_circuit, {"run/1", 1}, RunChanged{first_run, RunStatus::running, 0, {}}}});
  queen.watch(first_run, client);
  queen.acknowledge(taken(queen.effects).at(0));
  queen.submit(open_run("second"), client);
  queen.submit(open_run("second"), other_client);
  queen.due();
  queen.sync();
  for (const auto& committed : taken(queen.committed)) queen.apply(committed, false, seconds{9});
  queen.due();
  queen.boot();  // what was under way still comes: it must be told from the new
  queen.submit(cancel(first_run, "last"), client);
  queen.sync();
  for (const auto& effect : taken(queen.effects)) queen.acknowledge(effect);
  queen.sync();
  for (const auto& committed : taken(queen.committed))
    queen.apply(committed, committed.circuit == first_run);
  queen.sync();
  queen.drain("enough");
  queen.submit(open_run("third"), client);
  while (queen.deadline()) {
    queen.due();
    queen.sync();
    for (const auto& committed : taken(queen.committed)) queen.apply(committed);
    for (const auto& effect : taken(queen.effects)) queen.acknowledge(effect);
  }
  return queen;
}

BOOST_AUTO_TEST_CASE(a_queen_restored_between_any_two_inputs_goes_on_as_if_nothing_had_been) {
  const LoneQueen queen = eventful();
  BOOST_TEST(queen.inputs().size() > 30U);
  Queen fresh;
  messages::same_from_every_snapshot(
      queen.inputs(), fresh, [](const std::string& snapshot) -> std::unique_ptr<messages::Role> {
        return std::make_unique<Queen>(messages::decode<QueenState>(snapshot).value());
      });
}

}  // namespace
}  // namespace queenright::election
