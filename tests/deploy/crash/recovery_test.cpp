#include <boost/test/unit_test.hpp>

#include "deploy/program/failure.hpp"
#include "deploy/program/run/embedded_hive.hpp"
#include "messages/codec.hpp"
#include "own_process.hpp"

/// What a program does with a journal whose roles decide otherwise than its own.
namespace queenright::program::test {
namespace {
BOOST_AUTO_TEST_SUITE(recovery)

using persistence::Record;
using persistence::Snapshot;

void write_journal(const std::filesystem::path& data, const std::vector<Record>& records,
                   const std::vector<Snapshot>& snapshots) {
  auto opened = persistence::open_journal(data / "journal");
  if (!opened) throw std::runtime_error(opened.reason());
  auto& journal = *opened.value().journal;
  persistence::Tail tail = journal.tail();
  persistence::BlockBuilder builder;
  for (const auto& record : records) builder.append(record);
  const std::vector<std::string> blocks{builder.seal(tail, {})};
  journal.append(blocks, snapshots, {});
}

/// Records of a queen: each input is one that no queen answers.
Record quiet(std::uint64_t sequence, std::vector<std::uint64_t> effects) {
  Record record{messages::queen_role(), {sequence}, {}, std::move(effects), {}};
  messages::append_encoded(record.input, messages::Input{{}, {}, {}, {}, messages::Due{}});
  return record;
}

/// What the program says to such a journal.
Ended open_hive_on(const std::vector<Record>& records, const std::vector<Snapshot>& snapshots) {
  const PrivateDirectory directory;
  return in_own_process([&] {
    std::filesystem::create_directories(directory.path());
    write_journal(directory.path(), records, snapshots);
    HiveOptions options;
    options.data = directory.path();
    const EmbeddedHive hive(options);
    return 0;
  });
}

bool says(const Ended& ended, const std::string& what) {
  return ended.said.find(what) != std::string::npos;
}

BOOST_AUTO_TEST_CASE(a_journal_that_replays_is_taken) {
  const auto ended = open_hive_on({quiet(1, {}), quiet(2, {})}, {});
  BOOST_TEST(ended.exit_code == 0, ended.said);
}

BOOST_AUTO_TEST_CASE(a_tail_of_another_version_is_refused_with_its_place_and_the_way_out) {
  const auto ended = open_hive_on({quiet(1, {}), quiet(2, {}), quiet(3, {42}), quiet(4, {})}, {});
  BOOST_TEST(ended.exit_code == number_of(ExitCode::unavailable));
  BOOST_TEST(says(ended, "does not replay at position 3 (queen: its effects differ)"), ended.said);
  BOOST_TEST(says(ended, "run once with the version that wrote it"), ended.said);
  BOOST_TEST(says(ended, "queenright replay "), ended.said);
}

BOOST_AUTO_TEST_CASE(a_snapshot_of_another_version_is_refused_with_that_version) {
  const auto ended =
      open_hive_on({quiet(1, {})}, {{messages::queen_role(), {1}, {1}, 7, "of the future"}});
  BOOST_TEST(ended.exit_code == number_of(ExitCode::unavailable));
  BOOST_TEST(says(ended, "the snapshot of queen was written by version 7"), ended.said);
  BOOST_TEST(says(ended, "with the program that wrote it"), ended.said);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace queenright::program::test
