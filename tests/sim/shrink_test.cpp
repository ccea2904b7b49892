#include "sim/campaign/shrink.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>

namespace queenright::sim {
namespace {
BOOST_AUTO_TEST_SUITE(shrinking)

using namespace std::chrono_literals;

Fault fault_of(const std::string& line) { return parse_fault(line).value(); }

bool has(const std::vector<Fault>& faults, FaultKind kind) {
  return std::any_of(faults.begin(), faults.end(),
                     [&](const Fault& fault) { return fault.kind == kind; });
}

/// Sixty pauses, with a crash and a split among them.
std::vector<Fault> many() {
  std::vector<Fault> all;
  for (int i = 0; i < 60; ++i) all.push_back({i * 100ms, 50ms, FaultKind::pause, {{1}}, 0});
  all.insert(all.begin() + 17, fault_of("at 1s for 400ms crash 1,2,3"));
  all.insert(all.begin() + 44, fault_of("at 2s for 800ms split 2"));
  return all;
}

BOOST_AUTO_TEST_CASE(only_what_is_needed_remains) {
  std::size_t asked = 0;
  const auto shrunk = shrink(
      many(),
      [&](const std::vector<Fault>& faults) {
        ++asked;
        return has(faults, FaultKind::crash) && has(faults, FaultKind::split);
      },
      1000);
  BOOST_TEST(shrunk.faults.size() == 2U);
  BOOST_TEST(shrunk.minimal);
  BOOST_TEST(shrunk.tries == asked);
  BOOST_TEST(asked < 200U);
}

BOOST_AUTO_TEST_CASE(what_remains_is_as_short_and_about_as_few_as_can_be) {
  const auto shrunk = shrink(
      many(),
      [](const std::vector<Fault>& faults) {
        return std::any_of(faults.begin(), faults.end(), [](const Fault& fault) {
          return fault.kind == FaultKind::crash && fault.span >= 90ms &&
                 std::find(fault.nodes.begin(), fault.nodes.end(), NodeId{2}) != fault.nodes.end();
        });
      },
      1000);
  BOOST_REQUIRE(shrunk.faults.size() == 1U);
  BOOST_TEST(text_of(shrunk.faults[0]) == "at 1s for 100ms crash 2");
}

BOOST_AUTO_TEST_CASE(what_needs_no_fault_is_left_with_none) {
  const auto shrunk = shrink(
      many(), [](const std::vector<Fault>&) { return true; }, 1000);
  BOOST_TEST(shrunk.faults.empty());
  BOOST_TEST(shrunk.tries == 1U);
}

BOOST_AUTO_TEST_CASE(when_the_tries_run_out_the_best_so_far_is_given) {
  std::size_t asked = 0;
  const auto shrunk = shrink(
      many(),
      [&](const std::vector<Fault>& faults) {
        ++asked;
        return has(faults, FaultKind::split);
      },
      6);
  BOOST_TEST(asked == 6U);
  BOOST_TEST(!shrunk.minimal);
  BOOST_TEST(has(shrunk.faults, FaultKind::split));
  BOOST_TEST(shrunk.faults.size() < many().size());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace queenright::sim
