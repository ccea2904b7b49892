#include "deploy/program/faults/fault_line.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <condition_variable>
#include <mutex>
#include <vector>

#include "deploy/program/failure.hpp"
#include "deploy/program/faults/fault_control.hpp"
#include "persistence/memory_journal.hpp"

namespace queenright::program {
namespace {
BOOST_AUTO_TEST_SUITE(fault_line)

constexpr std::chrono::seconds patience{60};

/// A node's end and its parent's; peers are 1 and 2.
struct BothEnds {
  explicit BothEnds(FaultLineEnds ends = make_fault_line())
      : raw(ends.parent.number()), control(std::move(ends.parent)), line(ends.node.release()) {
    journal = line.on_its_disk(
        std::make_unique<persistence::MemoryJournal>(std::make_shared<persistence::MemoryDisk>()));
    line.start([this](const CutPeer& cut) {
      const std::lock_guard lock(mutex);
      if (cut.node.value > 2) return false;
      cuts.push_back(cut);
      changed.notify_all();
      return true;
    });
  }

  void tell(const FaultOrder& order) {
    const auto told = control.tell(order, patience);
    BOOST_REQUIRE_MESSAGE(told, text_of(order));
  }
  bool cut_at_last(const CutPeer& cut) {
    std::unique_lock lock(mutex);
    return changed.wait_for(lock, patience, [&] { return !cuts.empty() && cuts.back() == cut; });
  }
  void write() { journal->put_metadata("name", "value"); }

  std::mutex mutex;
  std::condition_variable changed;
  std::vector<CutPeer> cuts;
  const int raw;
  FaultControl control;
  FaultLine line;
  std::unique_ptr<persistence::Journal> journal;
};

BOOST_FIXTURE_TEST_CASE(a_peer_is_cut_when_it_was_acknowledged_and_joined_when_healed, BothEnds) {
  tell(CutPeer{{2}, true, false});
  BOOST_CHECK((cuts.back() == CutPeer{{2}, true, false}));
  tell(Heal{});
  BOOST_CHECK((cuts.back() == CutPeer{{2}, false, false}));
}

BOOST_FIXTURE_TEST_CASE(a_node_says_which_peer_it_does_not_have, BothEnds) {
  const auto told = control.tell(CutPeer{{3}, true, true}, patience);
  BOOST_REQUIRE(!told);
  BOOST_TEST(told.reason().find("no such peer") != std::string::npos);
  tell(Heal{});
}

BOOST_FIXTURE_TEST_CASE(on_a_full_disk_every_write_fails_until_it_is_healed, BothEnds) {
  write();
  tell(FullDisk{});
  BOOST_CHECK_THROW(write(), persistence::JournalFailed);
  tell(Heal{});
  write();
}

BOOST_FIXTURE_TEST_CASE(on_a_slow_disk_a_write_takes_longer, BothEnds) {
  tell(SlowDisk{std::chrono::milliseconds{50}});
  const auto began = std::chrono::steady_clock::now();
  write();
  BOOST_CHECK(std::chrono::steady_clock::now() - began >= std::chrono::milliseconds{50});
}

BOOST_FIXTURE_TEST_CASE(the_clock_of_the_node_is_wrong_and_the_machines_is_not, BothEnds) {
  tell(MoveClock{0, std::chrono::hours{24}});
  const host::NodeClock machine;
  const auto ahead = line.clock().wall().milliseconds - machine.wall().milliseconds;
  BOOST_TEST(ahead > 23 * 3'600'000);
}

BOOST_FIXTURE_TEST_CASE(nonsense_is_refused_and_does_not_end_the_line, BothEnds) {
  BOOST_REQUIRE(::send(raw, "fire\n", 5, 0) == 5);
  BOOST_TEST(!control.tell(Heal{}, patience));  // what is answered first is the refusal
  tell(FullDisk{});                             // and this by what was said of `Heal`
}

BOOST_FIXTURE_TEST_CASE(a_line_without_an_end_ends_it_and_all_is_healed, BothEnds) {
  tell(CutPeer{{1}, true, true});
  const std::string endless(4096, 'x');
  BOOST_REQUIRE(::send(raw, endless.data(), endless.size(), 0) == 4096);
  BOOST_TEST(cut_at_last({{1}, false, false}));
}

BOOST_AUTO_TEST_CASE(without_its_parent_a_node_is_healed) {
  auto ends = make_fault_line();
  auto parent = std::move(ends.parent);
  const auto theirs = ::dup(parent.number());
  BothEnds both({edges::Descriptor(theirs), std::move(ends.node)});
  both.tell(CutPeer{{1}, true, true});
  ::shutdown(parent.number(), SHUT_RDWR);
  BOOST_TEST(both.cut_at_last({{1}, false, false}));
}

BOOST_AUTO_TEST_CASE(what_is_no_connected_socket_is_refused) {
  for (const int number : {-1, 987'654, STDIN_FILENO})
    BOOST_CHECK_THROW(FaultLine{number}, Failure);
}

BOOST_AUTO_TEST_CASE(a_node_that_says_nothing_is_given_up) {
  auto ends = make_fault_line();
  FaultControl control(std::move(ends.parent));
  BOOST_TEST(!control.tell(Heal{}, std::chrono::milliseconds{20}));
  BOOST_TEST(!control.tell(Heal{}, patience));  // at once: a late answer would be to the first
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace queenright::program
