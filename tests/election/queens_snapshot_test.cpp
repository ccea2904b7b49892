#include <boost/test/unit_test.hpp>

#include "messages/reader.hpp"
#include "tests/election/queens.hpp"
#include "tests/restored_anywhere.hpp"

namespace queenright::election {
namespace {

using messages::hive_circuit;
using std::chrono::milliseconds;

/// With some of everything: a lead that is won, lost and won again, what is forwarded, fetched
/// and lost, and a circuit that ends.
std::unique_ptr<Queens> eventful_queens() {
  auto queens = std::make_unique<Queens>(3);
  BOOST_REQUIRE(queens->until([&] { return queens->level(); }));
  const NodeId root = *queens->root();
  const NodeId one = queens->others(root).front();
  queens->submit(one, open_run("opening"));
  BOOST_REQUIRE(queens->until([&] { return queens->level(first_run); }));
  queens->submit(root, cancel(first_run, "start", "start"));
  queens->read(one, first_run, "read");
  queens->run(milliseconds{20});
  queens->demote(root);
  queens->submit(one, cancel(hive_circuit, "word", "word"));
  queens->run(milliseconds{70});
  queens->isolate(one);
  queens->submit(*queens->root(), cancel(first_run, "end", "end"));
  queens->run(milliseconds{280});
  queens->demote(root, {}, "");
  queens->heal();
  for (const auto& effect : queens->effects) queens->acknowledge(effect.item);
  queens->run(milliseconds{200});
  return queens;
}

BOOST_AUTO_TEST_CASE(
    a_queen_of_three_restored_between_any_two_inputs_goes_on_as_if_nothing_had_been) {
  const auto queens = eventful_queens();
  for (const NodeId queen : queens->others({})) {
    BOOST_TEST(queens->inputs(queen).size() > 100U);
    Queen fresh;
    messages::same_from_every_snapshot(
        queens->inputs(queen), fresh,
        [](const std::string& snapshot) -> std::unique_ptr<messages::Role> {
          return std::make_unique<Queen>(messages::decode<QueenState>(snapshot).value());
        });
  }
}

}  // namespace
}  // namespace queenright::election
