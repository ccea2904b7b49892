#include "actors/host/node.hpp"

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <thread>

#include "tests/toys/gate.hpp"
#include "toy_node.hpp"

namespace queenright::host::test {
namespace {

using messages::RoleId;
using persistence::MemoryDisk;
using toys::circuit;

struct OnDisk {
  std::shared_ptr<MemoryDisk> disk = std::make_shared<MemoryDisk>();
};

/// An input of a mebibyte that a toy makes nothing of.
messages::Input::Body large_input() {
  messages::ChildExited exited;
  exited.outcome.diagnostics = std::string(1U << 20U, 'x');
  return exited;
}

BOOST_FIXTURE_TEST_SUITE(node, OnDisk)

BOOST_AUTO_TEST_CASE(the_roles_of_every_node_are_there_and_have_booted) {
  ToyNode node(disk);
  node.start();
  for (const RoleId role : {queen, worker, hive}) {
    BOOST_TEST(node.ears().wait_for(name_of(role) + ": booted 1"));
    node.say(role, "add", 3);
    BOOST_TEST(node.hears(role, "total 3, boots 1"));
  }
}

BOOST_AUTO_TEST_CASE(a_circuit_is_made_when_somebody_speaks_to_it) {
  ToyNode node(disk);
  node.start();
  node.say(queen, "pass", 42);
  node.say(queen, "pass", 42);
  BOOST_REQUIRE(node.hears(queen, "total 0, boots 1"));  // both have been passed on
  BOOST_TEST(node.hears(circuit(42), "total 2, boots 0"));
}

BOOST_AUTO_TEST_CASE(what_is_for_a_role_that_is_not_there_is_lost_and_nothing_else) {
  ToyNode node(disk);
  node.start();
  node.say({messages::RoleKind::worker, 9}, "add", 1);
  node.say({messages::RoleKind::none, 0}, "add", 1);
  BOOST_TEST(node.hears(queen, "total 0, boots 1"));
}

BOOST_AUTO_TEST_CASE(a_circuit_is_made_once_however_many_threads_speak_to_it_at_once) {
  constexpr std::uint64_t threads = 4;
  constexpr std::uint64_t circuits = 50;
  ToyNode node(disk);
  node.start();
  for (std::uint64_t i = 1; i <= circuits; ++i) {
    std::atomic<std::uint64_t> ready = 0;
    std::vector<std::thread> speaking;
    for (std::uint64_t thread = 0; thread < threads; ++thread)
      speaking.emplace_back([&] {
        ++ready;
        while (ready < threads) std::this_thread::yield();
        node.say(circuit(i), "add", 1);
      });
    for (auto& thread : speaking) thread.join();
    BOOST_REQUIRE(node.hears(circuit(i), "total 4, boots 0"));
  }
  node.stop();
  BOOST_TEST(node.difference() == "");
}

BOOST_AUTO_TEST_CASE(a_retired_circuit_is_gone_and_its_snapshot_with_it) {
  ToyNode node(disk);
  node.start();
  node.say(circuit(7), "add", 1);
  BOOST_REQUIRE(node.hears(circuit(7), "total 1, boots 0"));
  BOOST_TEST(node.disk_now().newest.contains(circuit(7)));
  node.say(circuit(7), "retire");
  const auto deadline = std::chrono::steady_clock::now() + toys::patience;
  while (node.disk_now().newest.contains(circuit(7)))
    BOOST_REQUIRE(std::chrono::steady_clock::now() < deadline);
  node.stop();
  ToyNode again(disk);
  again.start();
  again.stop();
  BOOST_TEST(!disk->newest.contains(circuit(7)));
  BOOST_TEST(again.difference() == "");
}

BOOST_AUTO_TEST_CASE(a_deadline_comes_as_an_input) {
  ToyNode node(disk);
  node.start();
  node.say(queen, "due", 5);
  BOOST_TEST(node.ears().wait_for("queen: due"));
}

BOOST_AUTO_TEST_CASE(the_deadline_that_counts_is_the_newest) {
  ToyNode node(disk);
  node.start();
  node.say(queen, "due", 1000 * 3600);
  node.say(queen, "due", 5);  // earlier than the one before
  BOOST_REQUIRE(node.ears().wait_for("queen: due"));
  node.say(worker, "due", 5);
  node.say(worker, "due", 50);  // later than the one before: it comes once
  BOOST_REQUIRE(node.ears().wait_for("worker: due"));
  node.say(worker, "due", 5);
  BOOST_REQUIRE(node.ears().wait_for("worker: due", 2));
  const auto words = node.ears().words();
  BOOST_TEST(std::count(words.begin(), words.end(), "worker: due") == 2);
}

BOOST_AUTO_TEST_CASE(a_deadline_of_before_a_restart_comes_after_it) {
  ToyNode first(disk);
  first.start();
  first.say(queen, "due", 100);
  BOOST_REQUIRE(first.hears(queen, "total 0, boots 1"));
  auto crashed = std::make_shared<MemoryDisk>(first.disk_now());
  ToyNode second(crashed);
  second.start();
  BOOST_TEST(second.ears().wait_for("queen: due"));
}

BOOST_AUTO_TEST_CASE(after_a_clean_stop_there_is_nothing_to_replay) {
  ToyNode first(disk);
  first.start();
  first.say(queen, "add", 4);
  first.say(circuit(7), "add", 5);
  BOOST_REQUIRE(first.hears(circuit(7), "total 5, boots 0"));
  BOOST_REQUIRE(first.hears(queen, "total 4, boots 1"));
  first.stop();

  ToyNode second(disk);
  second.start();
  BOOST_TEST(second.replayed() == 0U);
  BOOST_TEST(second.hears(queen, "total 4, boots 2"));
  BOOST_TEST(second.hears(circuit(7), "total 5, boots 1"));
  second.stop();
  BOOST_TEST(second.difference() == "");
}

BOOST_AUTO_TEST_CASE(after_a_crash_the_journal_brings_everything_back) {
  ToyNode first(disk);
  first.start();
  first.say(queen, "add", 4);
  first.say(circuit(7), "add", 5);
  BOOST_REQUIRE(first.hears(circuit(7), "total 5, boots 0"));
  BOOST_REQUIRE(first.hears(queen, "total 4, boots 1"));
  auto crashed = std::make_shared<MemoryDisk>(first.disk_now());

  ToyNode second(crashed);
  second.start();
  BOOST_TEST(second.replayed() >= 5U);
  BOOST_TEST(second.hears(queen, "total 4, boots 2"));
  BOOST_TEST(second.hears(circuit(7), "total 5, boots 1"));
}

BOOST_AUTO_TEST_CASE(a_checkpoint_lets_recovery_skip_what_came_before_it) {
  toys::Gate checkpointed;
  persistence::WatchedJournal::Hooks hooks;
  hooks.after = [&] {
    const auto newest = persistence::MemoryJournal(disk).newest_snapshots().value();
    if (std::any_of(newest.begin(), newest.end(), [](const auto& snapshot) {
          return snapshot.role == queen && snapshot.sequence.value > 0;
        })) {
      checkpointed.open();
      checkpointed.pass();
    }
  };
  ToyNode first(disk, roles::Strategy::one_for_one, hooks);
  first.start();
  for (int i = 0; i < 33; ++i) first.deliver(queen, large_input());
  BOOST_REQUIRE(checkpointed.wait_for_visitors(1));
  first.say(queen, "add", 9);
  BOOST_REQUIRE(first.hears(queen, "total 9, boots 1"));
  auto crashed = std::make_shared<MemoryDisk>(first.disk_now());

  ToyNode second(crashed);
  second.start();
  BOOST_TEST(second.replayed() < 20U);
  BOOST_TEST(second.hears(queen, "total 9, boots 2"));
}

BOOST_AUTO_TEST_CASE(a_crash_at_any_write_loses_nothing_that_was_told) {
  bool crashed = true;
  std::size_t write = 0;
  for (; crashed; ++write) {
    for (const bool keeps_unsynced : {false, true}) {
      auto crashing = std::make_shared<MemoryDisk>();
      crashing->writes_left = write;
      crashing->keeps_unsynced = keeps_unsynced;
      ToyNode first(crashing);
      first.start();
      std::uint64_t told = 0;
      for (const std::uint64_t number : {7U, 8U, 9U}) {
        first.say(circuit(number), "add", 1);
        if (first.hears(circuit(number), "total 1, boots 0")) told = number;
      }
      first.stop();
      crashed = first.ending().has_value();

      crashing->writes_left.reset();
      ToyNode second(crashing);
      second.start();
      for (std::uint64_t number = 7; number <= told; ++number)
        BOOST_TEST(second.hears(circuit(number), "total 1, boots 1"));
      second.stop();
      BOOST_TEST(second.difference() == "");
    }
  }
  BOOST_TEST(write > 3U);  // each "add" was waited for, so it was a write of its own
}

BOOST_AUTO_TEST_CASE(a_failed_journal_is_said_once_and_the_node_still_stops) {
  disk->writes_left = 0;
  ToyNode node(disk);
  node.start();
  BOOST_TEST(!node.hears(queen, "total 0, boots 1"));
  node.stop();
  BOOST_REQUIRE(node.ending());
  BOOST_TEST(node.ending()->reason == "the journal has crashed");
  BOOST_TEST(node.ears().heard().size() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace queenright::host::test
