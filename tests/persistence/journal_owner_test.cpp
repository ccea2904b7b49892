#include "persistence/journal_owner.hpp"

#include <boost/test/unit_test.hpp>

#include "persistence/memory_journal.hpp"

namespace queenright::persistence {
namespace {
BOOST_AUTO_TEST_SUITE(journal_owner)

BOOST_AUTO_TEST_CASE(a_journal_tells_whose_it_is) {
  MemoryJournal journal;
  BOOST_CHECK(!owner_of(journal));
  const JournalOwner owner{"north", "e85ca447452271cc737e2cb8e34e8c3a", {7}};
  note_owner(journal, owner);
  BOOST_CHECK(owner_of(journal) == owner);
}

BOOST_AUTO_TEST_CASE(a_journal_tells_why_it_counts_no_more) {
  MemoryJournal journal;
  BOOST_TEST(superseded(journal) == "");
  note_superseded(journal, "another process");
  BOOST_TEST(superseded(journal) == "another process");
}

BOOST_AUTO_TEST_SUITE_END()
}  // namespace
}  // namespace queenright::persistence
