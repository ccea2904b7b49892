#include "deploy/program/signals.hpp"

#include <boost/test/unit_test.hpp>

namespace queenright::program {
namespace {
BOOST_AUTO_TEST_SUITE(signals)

BOOST_AUTO_TEST_CASE(two_signals_within_half_a_second_are_one_interruption) {
  using std::chrono::milliseconds;
  using Meaning = Interruptions::Meaning;
  const std::chrono::steady_clock::time_point first{milliseconds{1'000}};
  Interruptions interruptions;
  BOOST_CHECK(interruptions.take(first) == Meaning::first);
  BOOST_CHECK(interruptions.take(first + milliseconds{2}) == Meaning::same);
  BOOST_CHECK(interruptions.take(first + milliseconds{499}) == Meaning::same);
  BOOST_CHECK(interruptions.take(first + milliseconds{500}) == Meaning::again);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace queenright::program
