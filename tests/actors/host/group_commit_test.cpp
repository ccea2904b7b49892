#include "actors/host/group_commit.hpp"

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <thread>

#include "persistence/memory_journal.hpp"
#include "persistence/watched_journal.hpp"
#include "tests/toys/ears.hpp"
#include "tests/toys/gate.hpp"

namespace queenright::host {
namespace {

using messages::RoleId;
using persistence::HeldEffect;
using persistence::MemoryDisk;
using persistence::MemoryJournal;
using toys::circuit;
using toys::patience;

class StoppedClock : public messages::Clock {
 public:
  messages::Instant now() const override { return {}; }
  messages::WallTime wall() const override { return {}; }
};

/// A sequencer over a journal in memory whose writes pass a gate.
struct Committing {
  explicit Committing(GroupCommit::Patience waits = {std::chrono::hours{1}, std::chrono::hours{1},
                                                     64U << 10U})
      : lasts(waits) {}
  ~Committing() { gate.open(); }

  /// The next turn of a role. It tells the client `word`, when there is one.
  void append(RoleId role, std::uint64_t sequence, const std::string& word = {},
              const std::string& input = "input") {
    std::vector<HeldEffect> held;
    if (!word.empty())
      held.push_back({{}, {}, {messages::Send{toys::client(), {toys::told(word)}}}});
    group_commit.append({role, {sequence}, input, {}, {}}, std::move(held));
  }
  void append_many(std::uint64_t first, std::uint64_t last) {
    for (auto i = first; i <= last; ++i) append(circuit(1), i, std::to_string(i));
  }

  void append_for_nobody(std::uint64_t sequence, persistence::Urgency urgency,
                         const std::string& input = "input") {
    group_commit.append({messages::queen_role(), {sequence}, input, {}, {}, nullptr, urgency}, {});
  }
  void append_lazy(std::uint64_t sequence, const std::string& input = "input") {
    append_for_nobody(sequence, persistence::Urgency::lazy, input);
  }

  /// Records in each block.
  std::vector<std::uint32_t> block_sizes() const {
    std::vector<std::uint32_t> sizes;
    for (const auto& block : disk->blocks)
      sizes.push_back(persistence::trusted_block(block).header().count);
    return sizes;
  }

  /// A checkpoint is due after more than so many MiB of records, and once until so many more.
  void is_due_between(std::uint64_t too_few, std::uint64_t enough) {
    const std::string large(1U << 20U, 'x');
    for (std::uint64_t i = 1; i <= too_few; ++i) append(circuit(1), i, {}, large);
    std::atomic<int> due_so_far = -1;
    group_commit.with_journal([&](persistence::Journal&) { due_so_far = checkpoints.load(); });
    for (std::uint64_t i = too_few + 1; i <= enough; ++i) append(circuit(1), i, {}, large);
    group_commit.stop();
    BOOST_TEST(due_so_far == 0);
    BOOST_TEST(checkpoints == 1);
  }

  const GroupCommit::Patience lasts;
  std::shared_ptr<MemoryDisk> disk = std::make_shared<MemoryDisk>();
  toys::Gate gate;
  toys::Ears ears;
  StoppedClock clock;
  std::atomic<int> writes = 0;
  std::atomic<int> failing_write = 0;         ///< fails, as do all after it; 0: none
  std::atomic<std::size_t> told_at_sync = 0;  ///< effects released when a write was just synced
  std::atomic<int> checkpoints = 0;
  std::atomic<int> commits = 0;
  toys::Ears failures;
  persistence::WatchedJournal journal{std::make_unique<MemoryJournal>(disk),
                                      {[this] {
                                         ++writes;
                                         gate.pass();
                                         if (failing_write != 0 && writes >= failing_write)
                                           throw persistence::JournalFailed("no space left");
                                       },
                                       [this] { told_at_sync = ears.heard().size(); }}};
  GroupCommit group_commit{journal,
                           ears,
                           clock,
                           {[this](const std::string& reason) {
                              failures.release({}, {}, {messages::StopNode{6, reason}});
                            },
                            [this] { ++checkpoints; }, [this] { ++commits; }},
                           lasts};
};

/// Lazy records alone have no patience.
struct CommittingSoon : Committing {
  CommittingSoon()
      : Committing({std::chrono::hours{1}, std::chrono::milliseconds{1}, 64U << 10U}) {}
};

/// Those that only nobody waits for have none.
struct CommittingSooner : Committing {
  CommittingSooner()
      : Committing({std::chrono::milliseconds{1}, std::chrono::hours{1}, 64U << 10U}) {}
};

using Words = std::vector<std::string>;
using Sizes = std::vector<std::uint32_t>;

BOOST_FIXTURE_TEST_SUITE(group_commit, Committing)

BOOST_AUTO_TEST_CASE(what_arrives_during_one_sync_is_written_with_the_next) {
  append_many(1, 1);
  BOOST_REQUIRE(gate.wait_for_visitors(1));
  append_many(2, 10);
  gate.open();
  group_commit.stop();
  const Sizes expected{1, 9};
  BOOST_TEST(block_sizes() == expected, boost::test_tools::per_element());
  BOOST_TEST(writes == 2);
  BOOST_TEST(commits == 2);
}

BOOST_AUTO_TEST_CASE(held_effects_go_in_their_order_and_only_after_the_sync) {
  append_many(1, 1);
  BOOST_REQUIRE(gate.wait_for_visitors(1));
  append_many(2, 4);
  BOOST_TEST(ears.heard().empty());
  gate.let_one_through();
  BOOST_REQUIRE(gate.wait_for_visitors(2));  // the first group is done with, the second waits
  const Words first{"1"};
  BOOST_TEST(ears.words() == first, boost::test_tools::per_element());
  gate.open();
  BOOST_REQUIRE(ears.wait_for_count(4));
  const Words all{"1", "2", "3", "4"};
  BOOST_TEST(ears.words() == all, boost::test_tools::per_element());
  BOOST_TEST(told_at_sync == 1U);
}

BOOST_AUTO_TEST_CASE(after_a_failed_write_nothing_is_released_and_nothing_is_tried_again) {
  failing_write = 2;
  append_many(1, 1);
  BOOST_REQUIRE(gate.wait_for_visitors(1));
  append_many(2, 3);
  gate.open();
  BOOST_REQUIRE(failures.wait_for_count(1));
  append_many(4, 5);
  std::atomic<bool> job_ran = false;
  group_commit.with_journal([&](persistence::Journal&) { job_ran = true; });
  group_commit.stop();
  const Words before{"1"};
  BOOST_TEST(ears.words() == before, boost::test_tools::per_element());
  BOOST_TEST(disk->blocks.size() == 1U);
  BOOST_TEST(writes == 2);
  BOOST_TEST(!job_ran);
  const auto said = failures.heard();
  BOOST_REQUIRE_EQUAL(said.size(), 1U);
  BOOST_TEST(std::get<messages::StopNode>(said[0].effect.body).reason == "no space left");
}

BOOST_AUTO_TEST_CASE(a_large_group_is_split_into_blocks_and_still_synced_once) {
  append_many(1, 1);
  BOOST_REQUIRE(gate.wait_for_visitors(1));
  const std::string large(400U << 10U, 'x');
  for (std::uint64_t i = 2; i <= 6; ++i) append(circuit(1), i, {}, large);
  gate.open();
  group_commit.stop();
  const Sizes expected{1, 3, 2};  // 1 MiB is full in the third
  BOOST_TEST(block_sizes() == expected, boost::test_tools::per_element());
  BOOST_TEST(writes == 2);
}

BOOST_AUTO_TEST_CASE(a_job_sees_the_journal_with_all_that_came_before_it) {
  append_many(1, 3);
  std::atomic<std::uint64_t> seen = 0;
  toys::Gate done;
  group_commit.with_journal([&](persistence::Journal& of_thread) {
    seen = of_thread.tail().last_position.value;
    done.open();
    done.pass();
  });
  BOOST_REQUIRE(gate.wait_for_visitors(1));
  BOOST_TEST(seen == 0U);
  gate.open();
  BOOST_REQUIRE(done.wait_for_visitors(1));
  BOOST_TEST(seen == 3U);
}

BOOST_AUTO_TEST_CASE(a_stop_writes_what_has_arrived) {
  append_many(1, 1);
  BOOST_REQUIRE(gate.wait_for_visitors(1));
  append_many(2, 1000);
  gate.open();
  group_commit.stop();
  BOOST_TEST(MemoryJournal(disk).tail().last_position.value == 1000U);
  BOOST_TEST(ears.words().size() == 1000U);
  group_commit.stop();  // and may be said again
}

BOOST_AUTO_TEST_CASE(a_snapshot_is_of_the_position_that_was_appended_last_before_it) {
  gate.open();
  append_many(1, 3);
  group_commit.add_snapshot(circuit(1), {3}, 1, "state");
  group_commit.add_snapshot(circuit(2), {}, 1, "gone");
  append_many(4, 4);
  group_commit.forget_snapshot(circuit(2));
  group_commit.stop();
  BOOST_REQUIRE_EQUAL(disk->newest.size(), 1U);
  const persistence::Snapshot expected{circuit(1), {3}, {3}, 1, "state"};
  BOOST_TEST((disk->newest.at(circuit(1)) == expected));
}

BOOST_AUTO_TEST_CASE(a_checkpoint_is_due_after_so_many_bytes) {
  gate.open();
  is_due_between(31, 40);
}

BOOST_AUTO_TEST_CASE(the_larger_the_snapshots_the_later_is_the_next_checkpoint) {
  gate.open();
  group_commit.add_snapshot(circuit(2), {}, 1, std::string(16U << 20U, 's'));
  is_due_between(63, 70);
}

// They ride in the next block.
BOOST_AUTO_TEST_CASE(lazy_records_go_in_front_of_the_next_one_that_is_not) {
  gate.open();
  for (std::uint64_t i = 1; i <= 3; ++i) append_lazy(i);
  append_many(1, 1);
  BOOST_REQUIRE(ears.wait_for_count(1));
  append_lazy(4);
  append_lazy(5);
  append_many(2, 2);
  append_lazy(6);
  group_commit.stop();  // and what is left with the stop
  std::uint64_t records = 0;
  std::uint64_t lazy = 0;
  for (const auto count : block_sizes()) records += count;
  const MemoryJournal written(disk);
  BOOST_REQUIRE(written.scan({1}, [&](const persistence::Block& block) {
    return static_cast<bool>(
        block.for_each([&](messages::Position position, const persistence::Record& record) {
          if (record.role == circuit(1)) {
            BOOST_TEST(position.value == (record.sequence.value == 1 ? 4U : 7U));
          } else {
            BOOST_TEST(record.sequence.value == ++lazy);
          }
          return true;
        }));
  }));
  BOOST_TEST(records == 8U);
  BOOST_TEST(lazy == 6U);
  BOOST_TEST(block_sizes().at(0) == 4U);  // none of the three was written by itself
}

BOOST_AUTO_TEST_CASE(lazy_records_alone_are_written_when_they_are_many) {
  gate.open();
  const std::string input(1000, 'x');
  for (std::uint64_t i = 1; i <= 100; ++i) append_lazy(i, input);
  BOOST_REQUIRE(gate.wait_for_visitors(1));
  group_commit.stop();
  BOOST_TEST(block_sizes().at(0) >= lasts.bytes / 1100);
  BOOST_TEST(MemoryJournal(disk).tail().last_position.value == 100U);
}

BOOST_AUTO_TEST_CASE(a_job_and_a_snapshot_do_not_wait_for_the_patience_of_lazy_records) {
  gate.open();
  append_lazy(1);
  toys::Gate done;
  std::atomic<std::uint64_t> seen = 0;
  group_commit.with_journal([&](persistence::Journal& of_thread) {
    seen = of_thread.tail().last_position.value;
    done.open();
    done.pass();
  });
  BOOST_REQUIRE(done.wait_for_visitors(1));
  BOOST_TEST(seen == 1U);
  append_lazy(2);
  group_commit.add_snapshot(messages::queen_role(), {2}, 1, "state");
  BOOST_REQUIRE(gate.wait_for_visitors(2));
}

BOOST_FIXTURE_TEST_CASE(lazy_records_alone_are_written_after_a_while, CommittingSoon) {
  gate.open();
  append_lazy(1);
  BOOST_REQUIRE(gate.wait_for_visitors(1));
  append_lazy(2);
  BOOST_REQUIRE(gate.wait_for_visitors(2));
}

BOOST_FIXTURE_TEST_CASE(what_is_no_hello_takes_the_lazy_ones_before_it_along, CommittingSooner) {
  gate.open();
  append_lazy(1);
  append_for_nobody(2, persistence::Urgency::soon);
  BOOST_REQUIRE(gate.wait_for_visitors(1));
  append_lazy(3);
  append_for_nobody(4, persistence::Urgency::soon);
  BOOST_REQUIRE(gate.wait_for_visitors(2));
  group_commit.stop();
  BOOST_TEST(MemoryJournal(disk).tail().last_position.value == 4U);
}

BOOST_AUTO_TEST_CASE(each_of_many_threads_keeps_its_order) {
  constexpr std::uint64_t threads = 4;
  constexpr std::uint64_t turns = 2000;
  gate.open();
  std::vector<std::thread> appending;
  for (std::uint64_t thread = 1; thread <= threads; ++thread)
    appending.emplace_back([this, thread] {
      for (std::uint64_t turn = 1; turn <= turns; ++turn)
        append(circuit(thread), turn, std::to_string(thread * turns + turn));
    });
  for (auto& thread : appending) thread.join();
  group_commit.stop();

  std::map<RoleId, std::uint64_t> last;
  bool in_order = true;
  const MemoryJournal written(disk);
  const auto scanned = written.scan({1}, [&](const persistence::Block& block) {
    return static_cast<bool>(
        block.for_each([&](messages::Position, const persistence::Record& record) {
          in_order = in_order && record.sequence.value == ++last[record.role];
          return true;
        }));
  });
  BOOST_TEST((scanned && scanned.value() && in_order));
  BOOST_TEST(written.tail().last_position.value == threads * turns);

  std::map<std::uint64_t, std::uint64_t> told;
  const auto words = ears.words();
  BOOST_TEST(words.size() == threads * turns);
  for (const auto& word : words) {
    const std::uint64_t number = std::stoull(word) - 1;
    in_order = in_order && number % turns == told[number / turns]++;
  }
  BOOST_TEST(in_order);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace queenright::host
