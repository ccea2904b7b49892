#include "deploy/program/faults/fault_order.hpp"

#include <boost/test/unit_test.hpp>

namespace queenright::program {
namespace {
BOOST_AUTO_TEST_SUITE(fault_order)

using std::chrono::milliseconds;

BOOST_AUTO_TEST_CASE(a_line_reads_as_the_order_that_it_was_written_for) {
  const std::vector<FaultOrder> orders{CutPeer{{3}, true, true},
                                       CutPeer{{65'535}, true, false},
                                       CutPeer{{1}, false, true},
                                       CutPeer{{1}, false, false},
                                       SlowDisk{milliseconds{10'000}},
                                       FullDisk{},
                                       MoveClock{-20'000, milliseconds{-1}},
                                       Heal{}};
  for (const auto& order : orders) {
    const auto read = parse_fault_order(text_of(order));
    BOOST_REQUIRE_MESSAGE(read, text_of(order));
    BOOST_CHECK(read.value() == order);
  }
}

BOOST_AUTO_TEST_CASE(what_is_no_order_or_beyond_its_bounds_is_refused) {
  for (const char* line :
       {"", " ", "cut", "cut 0 both", "cut 65536 both", "cut 3 all", "cut 3  both", "cut 3 both ",
        "slow-disk", "slow-disk -1", "slow-disk 10001", "slow-disk 1 2", "full-disk now",
        "clock 20001 0", "clock 0", "clock 0 31622400001", "clock 1e3 0", "heal all", "HEAL"})
    BOOST_TEST(!parse_fault_order(line), line);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace queenright::program
