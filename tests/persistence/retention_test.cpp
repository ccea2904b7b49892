#include "persistence/retention.hpp"

#include <boost/test/unit_test.hpp>

#include "persistence/memory_journal.hpp"
#include "samples.hpp"

using namespace queenright;
using namespace queenright::persistence;
using messages::Position;
using messages::WallTime;

namespace {

/// Ten blocks of three inputs each; block N was written at N milliseconds.
struct TenBlocks {
  TenBlocks() {
    blocks = samples::blocks(tail, 10);
    journal.append(blocks, {}, {});
  }
  std::uint64_t keep(RetentionLimits limits, std::uint64_t needed = 31, std::int64_t now = 11) {
    const auto kept = oldest_to_keep(journal, limits, {needed}, {now});
    BOOST_REQUIRE(kept);
    return kept.value().value;
  }
  Tail tail;
  std::vector<std::string> blocks;
  MemoryJournal journal;
};

}  // namespace

BOOST_FIXTURE_TEST_CASE(without_limits_everything_is_kept, TenBlocks) {
  BOOST_CHECK_EQUAL(keep({}), 1U);
}

BOOST_FIXTURE_TEST_CASE(the_size_limit_keeps_the_newest_blocks_that_fit, TenBlocks) {
  for (std::size_t kept = 1; kept <= blocks.size(); ++kept) {
    std::uint64_t bytes = 0;
    for (std::size_t i = blocks.size() - kept; i < blocks.size(); ++i) bytes += blocks[i].size();
    BOOST_CHECK_EQUAL(keep({bytes, {}}), 11 - kept);
    if (kept > 1) BOOST_CHECK_EQUAL(keep({bytes - 1, {}}), 12 - kept);
  }
  BOOST_CHECK_EQUAL(keep({1, {}}), 10U);  // the last one stays
}

BOOST_FIXTURE_TEST_CASE(the_age_limit_keeps_what_is_younger, TenBlocks) {
  BOOST_CHECK_EQUAL(keep({0, std::chrono::milliseconds(5)}), 6U);
  BOOST_CHECK_EQUAL(keep({0, std::chrono::milliseconds(100)}), 1U);
  BOOST_CHECK_EQUAL(keep({0, std::chrono::milliseconds(1)}, 31, 1000), 10U);
}

BOOST_FIXTURE_TEST_CASE(what_a_role_needs_is_kept_whatever_the_limits, TenBlocks) {
  for (std::uint64_t needed = 1; needed <= 30; ++needed)
    BOOST_CHECK_EQUAL(keep({1, std::chrono::milliseconds(1)}, needed, 1000), (needed + 2) / 3);
}

BOOST_FIXTURE_TEST_CASE(after_a_drop_the_decision_starts_at_what_is_left, TenBlocks) {
  journal.drop_before({4});
  BOOST_CHECK_EQUAL(keep({}), 4U);
  BOOST_CHECK_EQUAL(keep({0, std::chrono::milliseconds(5)}), 6U);
}

BOOST_AUTO_TEST_CASE(an_empty_journal_has_nothing_to_drop) {
  const MemoryJournal journal;
  const auto kept = oldest_to_keep(journal, {1, std::chrono::milliseconds(1)}, {1}, {1000});
  BOOST_REQUIRE(kept);
  BOOST_CHECK_EQUAL(kept.value().value, 1U);
}

BOOST_AUTO_TEST_CASE(the_oldest_of_the_newest_snapshots_says_what_is_needed) {
  const Tail tail{{10}, {30}, {}, 0};
  BOOST_CHECK(needed_after({}, tail) == Position{31});
  BOOST_CHECK(needed_after({samples::snapshot(messages::circuit_role({1}), 20),
                            samples::snapshot(messages::circuit_role({2}), 12)},
                           tail) == Position{13});
}

BOOST_AUTO_TEST_CASE(a_block_that_cannot_be_read_stops_the_search) {
  auto disk = std::make_shared<MemoryDisk>();
  Tail tail;
  MemoryJournal(disk).append(samples::blocks(tail, 8), {}, {});
  MemoryJournal journal(disk);
  disk->blocks[3][100] ^= 1;
  BOOST_CHECK(!oldest_to_keep(journal, {1, {}}, {25}, {0}));
}
