#include "persistence/verify.hpp"

#include <boost/test/unit_test.hpp>

#include "persistence/memory_journal.hpp"
#include "samples.hpp"

using namespace queenright;
using namespace queenright::persistence;

namespace {

struct SixBlocks {
  SixBlocks() {
    blocks = samples::blocks(tail, 6);
    const std::vector<Snapshot> snapshots = {samples::snapshot(messages::circuit_role({1}), 18)};
    journal.append(blocks, snapshots, {});
  }
  Tail tail;
  std::vector<std::string> blocks;
  std::shared_ptr<MemoryDisk> disk = std::make_shared<MemoryDisk>();
  MemoryJournal journal{disk};
};

}  // namespace

BOOST_FIXTURE_TEST_CASE(a_sound_journal_is_counted_to_its_end, SixBlocks) {
  const auto report = verify(journal);
  BOOST_CHECK(report.sound());
  BOOST_CHECK_EQUAL(report.inputs, 18U);
  BOOST_CHECK(report.tail == tail);
  BOOST_CHECK((report.notes == std::vector<std::string>{"ends at block 6 without a clean stop"}));
  mark_clean_stop(journal);
  BOOST_CHECK(
      (verify(journal).notes == std::vector<std::string>{"ends at block 6 with a clean stop"}));
}

BOOST_FIXTURE_TEST_CASE(the_first_damage_is_named, SixBlocks) {
  disk->blocks[4][80] ^= 4;
  const auto report = verify(journal);
  BOOST_CHECK(!report.sound());
  BOOST_CHECK_EQUAL(report.damage, "block 5: checksum differs (a flipped bit?)");
  BOOST_CHECK_EQUAL(report.tail.last.value, 4U);
  disk->blocks.erase(disk->blocks.begin() + 2);
  BOOST_CHECK_EQUAL(verify(journal).damage, "block 3 is missing");
}

BOOST_FIXTURE_TEST_CASE(an_input_of_no_known_form_is_damage, SixBlocks) {
  BlockBuilder builder;
  builder.append(samples::record(19));
  builder.append({}, {20}, "\xFF\xFF", {}, {});
  const std::vector<std::string> more = {builder.seal(tail, {})};
  journal.append(more, {}, {});
  BOOST_CHECK_EQUAL(verify(journal).damage, "block 7: the input at position 20: malformed Input");
}

BOOST_FIXTURE_TEST_CASE(lost_promises_and_torn_tails_are_not_the_same, SixBlocks) {
  const auto torn = verify(journal, {"torn tail: 312 bytes after block 6, never acknowledged", ""});
  BOOST_CHECK(torn.sound());
  BOOST_CHECK_EQUAL(torn.notes.back(),
                    "ends at block 6 without a clean stop: torn tail: 312 bytes after block 6, "
                    "never acknowledged, normal after a crash");
  const auto lost = verify(journal, {"", "ends at block 6, but block 9 had been written"});
  BOOST_CHECK(!lost.sound());
}

BOOST_FIXTURE_TEST_CASE(a_shortened_journal_says_where_it_begins, SixBlocks) {
  journal.drop_before({3});
  const auto report = verify(journal);
  BOOST_CHECK(report.sound());
  BOOST_CHECK_EQUAL(report.inputs, 12U);
  BOOST_CHECK_EQUAL(report.notes.front(), "begins at block 3: older ones were dropped");
}

BOOST_FIXTURE_TEST_CASE(statistics_count_what_is_kept, SixBlocks) {
  journal.drop_before({2});
  const auto counted = stat(journal);
  BOOST_REQUIRE(counted);
  const JournalStat& all = counted.value();
  BOOST_CHECK_EQUAL(all.blocks, 5U);
  BOOST_CHECK_EQUAL(all.bytes, tail.bytes - blocks[0].size());
  BOOST_CHECK_EQUAL(all.total.inputs, 15U);
  BOOST_CHECK_EQUAL(all.total.effects, 30U);
  BOOST_CHECK_EQUAL(all.total.failures, 0U);
  BOOST_CHECK_EQUAL(all.roles.size(), 3U);
  BOOST_CHECK_EQUAL(all.roles.at(messages::circuit_role({1})).inputs, 6U);
  BOOST_CHECK_EQUAL(all.started.milliseconds, 1004);
  BOOST_CHECK_EQUAL(all.ended.milliseconds, 1018);
  BOOST_CHECK_EQUAL(all.snapshots.size(), 1U);
  disk->blocks[3][80] ^= 4;
  BOOST_CHECK_EQUAL(stat(journal).reason(), "block 5: checksum differs (a flipped bit?)");
}

BOOST_AUTO_TEST_CASE(an_empty_journal_is_sound) {
  const MemoryJournal journal;
  BOOST_CHECK(verify(journal).sound());
  BOOST_CHECK_EQUAL(stat(journal).value().total.inputs, 0U);
}

BOOST_AUTO_TEST_CASE(what_is_no_recording_is_refused_and_not_called_damaged) {
  const samples::TempDirectory directory;
  BOOST_CHECK(!verify_path(directory.path()));
  BOOST_CHECK(!verify_path(directory.path() / "missing"));
  samples::write_file(directory.path() / "file", "text");
  BOOST_CHECK(!verify_path(directory.path() / "file"));
}
