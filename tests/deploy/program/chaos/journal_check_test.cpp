#include "deploy/program/chaos/journal_check.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/private_directory.hpp"

namespace queenright::program {
namespace {
BOOST_AUTO_TEST_SUITE(journal_check)

using messages::CircuitId;
using messages::Epoch;
using messages::NodeId;

/// A queen tells another one who leads, as she knows it.
void tell(RootsSeen& roots, NodeId teller, CircuitId circuit, Epoch epoch, NodeId root,
          bool released = false) {
  messages::View view;
  view.circuit = circuit;
  view.ballot.epoch = epoch;
  view.ballot.queen = root;
  view.released = released;
  roots.take(teller, {{messages::Send{{{9}, messages::queen_role()}, {view}}}});
}

BOOST_AUTO_TEST_CASE(two_roots_of_one_epoch_of_a_circuit_are_a_violation) {
  RootsSeen roots;
  tell(roots, {1}, {4}, {7}, {1});
  tell(roots, {2}, {4}, {7}, {2});
  BOOST_REQUIRE_EQUAL(roots.violations().size(), 1U);
  BOOST_TEST(roots.violations().front() == "nodes 1 and 2 are both root of circuit 4 in epoch 7");
}

BOOST_AUTO_TEST_CASE(other_epochs_other_circuits_and_repetitions_are_none) {
  RootsSeen roots;
  tell(roots, {1}, {4}, {7}, {1});
  tell(roots, {1}, {4}, {7}, {1});
  tell(roots, {2}, {4}, {8}, {2});
  tell(roots, {2}, {5}, {7}, {2});
  tell(roots, {3}, {4}, {7}, {1});        // she tells of another queen
  tell(roots, {3}, {4}, {7}, {3}, true);  // she hands it over
  tell(roots, {3}, {4}, messages::closed_epoch, {3});
  BOOST_TEST(roots.violations().empty());
  BOOST_TEST(roots.elections() == 3U);
}

BOOST_AUTO_TEST_CASE(a_directory_without_journals_has_none_that_replay) {
  const PrivateDirectory directory;
  BOOST_TEST(check_journals(directory.path()).recordings == 0U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace queenright::program
