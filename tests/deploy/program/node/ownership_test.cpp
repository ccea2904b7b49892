#include "deploy/program/node/ownership.hpp"

#include <boost/test/unit_test.hpp>

#include "deploy/program/failure.hpp"
#include "election/queen.hpp"
#include "persistence/memory_journal.hpp"
#include "tests/deploy/program/texts.hpp"

namespace queenright::program {
namespace {

using persistence::JournalOwner;
using test::has;

const JournalOwner north{"north", "0000", {1}};
const JournalOwner north_again{"north", "1111", {1}};
const JournalOwner south{"south", "2222", {1}};
const JournalOwner neighbour{"north", "0000", {2}};

std::string some_block() {
  persistence::BlockBuilder builder;
  builder.append(persistence::Record{});
  persistence::Tail tail;
  return builder.seal(tail, {});
}

/// Why a starter is refused a journal with something in it, which was noted to be `noted`'s.
std::string refusal(std::optional<JournalOwner> noted, const Starter& starter,
                    bool is_new = false) {
  auto disk = std::make_shared<persistence::MemoryDisk>();
  if (!is_new) disk->blocks = {some_block()};
  persistence::MemoryJournal journal(disk);
  if (noted) persistence::note_owner(journal, *noted);
  try {
    check_ownership(journal, starter, "/d");
  } catch (const Failure& failure) {
    BOOST_CHECK(failure.exit_code() == ExitCode::usage);
    return failure.what();
  }
  return "";
}

BOOST_AUTO_TEST_SUITE(ownership)

BOOST_AUTO_TEST_CASE(a_node_goes_on_with_its_own_journal_and_with_an_empty_one) {
  BOOST_TEST(refusal(north, {north}) == "");
  BOOST_TEST(refusal({}, {north}, true) == "");
  BOOST_TEST(refusal({}, {}) == "");
}

BOOST_AUTO_TEST_CASE(another_hives_and_another_nodes_journal_is_refused_with_both_names) {
  const auto other = refusal(south, {north});
  BOOST_TEST(has(other, "/d/journal is the journal of node 1 of hive south (id 2222)"));
  BOOST_TEST(has(other, "this is node 1 of hive north (id 0000)"));
  BOOST_TEST(has(refusal(neighbour, {north}), "the journal of node 2 of hive north"));
  BOOST_TEST(has(refusal(south, {north}, true), "hive south"));
}

BOOST_AUTO_TEST_CASE(an_embedded_hives_journal_is_no_nodes_and_the_other_way_round) {
  BOOST_TEST(has(refusal({}, {north}), "the journal of no node of a hive of several"));
  BOOST_TEST(has(refusal(north, {}), "the journal of node 1 of hive north"));
}

BOOST_AUTO_TEST_CASE(a_survivor_alone_goes_on_under_another_id_of_its_hive) {
  BOOST_TEST(has(refusal(north, {north_again}), "docs/operate.md"));
  BOOST_TEST(refusal(north, {north_again, true}) == "");
  BOOST_TEST(has(refusal(south, {north_again, true}), "hive south"));
  BOOST_TEST(has(refusal(neighbour, {north_again, true}), "node 2"));
}

std::string why_it_counts_no_more(const std::string& noted, const messages::Role* queen) {
  persistence::MemoryJournal journal;
  if (!noted.empty()) persistence::note_superseded(journal, noted);
  try {
    check_not_superseded(journal, queen, "/d");
  } catch (const Failure& failure) {
    BOOST_CHECK(failure.exit_code() == ExitCode::usage);
    return failure.what();
  }
  return "";
}

BOOST_AUTO_TEST_CASE(a_journal_whose_node_was_dismissed_counts_no_more) {
  BOOST_TEST(why_it_counts_no_more("", nullptr) == "");
  BOOST_TEST(has(why_it_counts_no_more("b says so", nullptr), "counts no more: b says so"));
}

BOOST_AUTO_TEST_CASE(a_journal_whose_queen_knows_a_later_life_of_hers_counts_no_more) {
  election::QueenState state;
  state.support.self = {1};
  state.support.session = messages::first_session({4});
  state.support.incarnations[{1}] = {4};
  const election::Queen present(state);
  BOOST_TEST(why_it_counts_no_more("", &present) == "");
  state.support.incarnations[{1}] = {6};
  const election::Queen old(state);
  BOOST_TEST(has(why_it_counts_no_more("", &old), "other queens know start 6 of node 1"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace queenright::program
