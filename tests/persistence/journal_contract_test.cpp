#include <boost/mpl/list.hpp>
#include <boost/test/unit_test.hpp>

#include "messages/ensure.hpp"
#include "persistence/memory_journal.hpp"
#include "persistence/rocksdb_journal.hpp"
#include "samples.hpp"

// What every journal promises, asked of each.

using namespace queenright;
using namespace queenright::persistence;
using messages::circuit_role;

namespace {

class InMemory {
 public:
  std::unique_ptr<Journal> open() { return std::make_unique<MemoryJournal>(disk_); }

 private:
  std::shared_ptr<MemoryDisk> disk_ = std::make_shared<MemoryDisk>();
};

template <bool tail_slots>
class OnDisk {
 public:
  std::unique_ptr<Journal> open() {
    auto opened = open_journal(directory_.path(), {tail_slots});
    BOOST_REQUIRE_MESSAGE(opened, (opened ? "" : opened.reason()));
    BOOST_CHECK_EQUAL(opened.value().report.torn_tail, "");
    BOOST_CHECK_EQUAL(opened.value().report.lost_promises, "");
    return std::move(std::move(opened).value().journal);
  }

 private:
  samples::TempDirectory directory_;
};

using Places = boost::mpl::list<InMemory, OnDisk<false>, OnDisk<true>>;

}  // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(a_new_journal_is_empty, Place, Places) {
  Place place;
  const auto journal = place.open();
  BOOST_CHECK(journal->tail() == Tail{});
  BOOST_CHECK_EQUAL(journal->first().value, 1U);
  BOOST_CHECK(samples::contents(*journal).empty());
  BOOST_CHECK(journal->newest_snapshots().value().empty());
  BOOST_CHECK(journal->base_snapshots().value().empty());
  BOOST_CHECK(!journal->metadata("node"));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(what_was_appended_is_there_after_reopening, Place, Places) {
  Place place;
  Tail tail;
  auto blocks = samples::blocks(tail, 4);
  {
    const auto journal = place.open();
    journal->append(std::span(blocks).first(1), {}, {});
    journal->append(std::span(blocks).subspan(1), {}, {});
    BOOST_CHECK(journal->tail() == tail);
    BOOST_CHECK(samples::contents(*journal) == blocks);
  }
  const auto journal = place.open();
  BOOST_CHECK(journal->tail() == tail);
  BOOST_CHECK(samples::contents(*journal) == blocks);
  blocks.push_back(samples::block(tail));
  journal->append(std::span(blocks).last(1), {}, {});
  BOOST_CHECK(samples::contents(*journal) == blocks);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_scan_starts_where_asked_and_stops_when_told, Place, Places) {
  Place place;
  Tail tail;
  const auto blocks = samples::blocks(tail, 5);
  const auto journal = place.open();
  journal->append(blocks, {}, {});
  BOOST_CHECK((samples::contents(*journal, 4) == std::vector{blocks[3], blocks[4]}));
  BOOST_CHECK(samples::contents(*journal, 6).empty());
  std::uint64_t seen = 0;
  const auto whole = journal->scan({1}, [&](const Block& block) {
    seen = block.header().number.value;
    return seen < 3;
  });
  BOOST_REQUIRE(whole);
  BOOST_CHECK(!whole.value());
  BOOST_CHECK_EQUAL(seen, 3U);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(the_newest_snapshot_of_each_role_is_kept, Place, Places) {
  Place place;
  Tail tail;
  const auto blocks = samples::blocks(tail, 2);
  const auto one = circuit_role({1}), two = circuit_role({2}), big = circuit_role({1000});
  {
    const auto journal = place.open();
    const std::vector<Snapshot> first = {samples::snapshot(big, 1), samples::snapshot(one, 2),
                                         samples::snapshot(two, 3)};
    journal->append(std::span(blocks).first(1), first, {});
    const std::vector<Snapshot> second = {samples::snapshot(one, 6, "newer")};
    const std::vector<messages::RoleId> retired = {two};
    journal->append(std::span(blocks).last(1), second, retired);
  }
  const std::vector<Snapshot> expected = {samples::snapshot(one, 6, "newer"),
                                          samples::snapshot(big, 1)};
  const auto journal = place.open();
  BOOST_CHECK(journal->newest_snapshots().value() == expected);
  BOOST_CHECK(journal->base_snapshots().value().empty());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(snapshots_can_be_stored_without_a_block, Place, Places) {
  Place place;
  Tail tail;
  const auto blocks = samples::blocks(tail, 1);
  const auto journal = place.open();
  journal->append(blocks, {}, {});
  const std::vector<Snapshot> late = {samples::snapshot({}, 3)};
  journal->append({}, late, {});
  BOOST_CHECK(journal->newest_snapshots().value() == late);
  BOOST_CHECK(journal->tail() == tail);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(dropping_keeps_the_rest_and_its_starting_snapshots, Place, Places) {
  Place place;
  Tail tail;
  const auto blocks = samples::blocks(tail, 6);
  const std::vector<Snapshot> at_drop = {samples::snapshot(circuit_role({1}), 9)};
  const std::vector<Snapshot> later = {samples::snapshot(circuit_role({1}), 18, "later"),
                                       samples::snapshot(circuit_role({2}), 18)};
  {
    const auto journal = place.open();
    journal->append(std::span(blocks).first(5), at_drop, {});
    journal->drop_before({3});
    journal->append(std::span(blocks).last(1), later, {});
  }
  const auto journal = place.open();
  BOOST_CHECK_EQUAL(journal->first().value, 3U);
  BOOST_CHECK(journal->tail() == tail);
  BOOST_CHECK(samples::contents(*journal) == std::vector(blocks.begin() + 2, blocks.end()));
  BOOST_CHECK(journal->base_snapshots().value() == at_drop);
  BOOST_CHECK(journal->newest_snapshots().value() == later);

  journal->drop_before({2});  // nothing older is left
  BOOST_CHECK(journal->base_snapshots().value() == at_drop);
  journal->drop_before({6});
  BOOST_CHECK(samples::contents(*journal) == std::vector{blocks.back()});
  BOOST_CHECK(journal->base_snapshots().value() == later);
  BOOST_CHECK_THROW(journal->drop_before({7}), messages::BrokenInvariant);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(metadata_is_kept_and_replaced, Place, Places) {
  Place place;
  {
    const auto journal = place.open();
    journal->put_metadata("node", "3");
    journal->put_metadata("first", std::string("\0\xFF", 2));
    journal->put_metadata("node", "4");
    BOOST_CHECK_EQUAL(journal->metadata("node").value(), "4");
  }
  const auto journal = place.open();
  BOOST_CHECK_EQUAL(journal->metadata("node").value(), "4");
  BOOST_CHECK_EQUAL(journal->metadata("first").value(), std::string("\0\xFF", 2));
  BOOST_CHECK_EQUAL(journal->first().value, 1U);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_clean_stop_is_known_until_something_follows, Place, Places) {
  Place place;
  Tail tail;
  const auto blocks = samples::blocks(tail, 2);
  const auto journal = place.open();
  BOOST_CHECK(!stopped_cleanly(*journal));
  journal->append(std::span(blocks).first(1), {}, {});
  mark_clean_stop(*journal);
  BOOST_CHECK(stopped_cleanly(*journal));
  journal->append(std::span(blocks).last(1), {}, {});
  BOOST_CHECK(!stopped_cleanly(*journal));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_block_that_does_not_continue_the_journal_is_a_bug, Place, Places) {
  Place place;
  Tail tail;
  const auto blocks = samples::blocks(tail, 3);
  const auto journal = place.open();
  journal->append(std::span(blocks).first(1), {}, {});
  BOOST_CHECK_THROW(journal->append(std::span(blocks).last(1), {}, {}), messages::BrokenInvariant);
  journal->append(std::span(blocks).subspan(1), {}, {});
  BOOST_CHECK(samples::contents(*journal) == blocks);
}
