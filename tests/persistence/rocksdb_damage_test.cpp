#include <boost/test/unit_test.hpp>
#include <functional>

#include "persistence/journal_directory.hpp"
#include "persistence/rocksdb_database.hpp"
#include "persistence/rocksdb_journal.hpp"
#include "persistence/verify.hpp"
#include "samples.hpp"

// What becomes of a journal whose files were altered: it is refused, or it has all of its
// blocks, or what is missing is a torn tail. Never anything else.

using namespace queenright;
using namespace queenright::persistence;
namespace fs = std::filesystem;

namespace {

/// The files of a journal after a kill -9, to be put back and altered as often as wanted.
class Victim {
 public:
  /// `flushed`: the blocks are in table files, else in the write-ahead log.
  Victim(std::size_t count, std::uint32_t records, std::size_t size, bool flushed) {
    Tail tail;
    blocks = samples::blocks(tail, count, records, size);
    auto opened = open_journal(origin());
    BOOST_REQUIRE(opened);
    const auto journal = std::move(std::move(opened).value().journal);
    for (const std::string& block : blocks) journal->append(std::span(&block, 1), {}, {});
    const std::vector<Snapshot> snapshots = {samples::snapshot({}, 1)};
    if (flushed) journal->append({}, snapshots, {});
    fs::copy(origin(), image(), fs::copy_options::recursive);  // as a kill would leave it
    if (flushed) flush();
  }

  fs::path restored() const {
    fs::remove_all(copy());
    fs::copy(image(), copy(), fs::copy_options::recursive);
    return copy();
  }
  /// The one file of this kind that matters: the largest.
  fs::path file(const std::string& extension) const {
    fs::path largest;
    for (const auto& entry : fs::directory_iterator(image() / "rocksdb"))
      if (entry.path().extension() == extension &&
          (largest.empty() || entry.file_size() > fs::file_size(largest)))
        largest = entry.path();
    BOOST_REQUIRE(!largest.empty());
    return largest.filename();
  }
  std::string bytes(const fs::path& name) const {
    return samples::read_file(image() / "rocksdb" / name);
  }
  fs::path altered(const fs::path& name, const std::string& bytes) const {
    samples::write_file(restored() / "rocksdb" / name, bytes);
    return copy();
  }

  std::vector<std::string> blocks;

 private:
  fs::path origin() const { return directory_.path() / "origin"; }
  fs::path image() const { return directory_.path() / "image"; }
  fs::path copy() const { return directory_.path() / "copy"; }
  void flush() const {
    // Opening after a crash moves the log into tables.
    BOOST_REQUIRE(open_journal(image()));
  }

  samples::TempDirectory directory_{samples::TempDirectory::Place::memory};
};

enum class Outcome { refused, complete, torn };

/// Opens, scans and verifies; fails the test where damage was passed over in silence.
Outcome outcome_of(const fs::path& path, const std::vector<std::string>& blocks) {
  const auto report = verify_path(path);
  const auto opened = open_journal(path);
  if (!opened) {
    BOOST_CHECK_MESSAGE(!report || !report.value().sound(), opened.reason());
    return Outcome::refused;
  }
  std::vector<std::string> kept;
  const auto scanned = opened.value().journal->scan({1}, [&](const Block& block) {
    kept.emplace_back(block.bytes());
    return true;
  });
  const auto snapshots = opened.value().journal->newest_snapshots();
  if (!scanned || !snapshots) {
    BOOST_CHECK(!report.value().sound());
    return Outcome::refused;
  }
  BOOST_REQUIRE_LE(kept.size(), blocks.size());
  BOOST_CHECK(std::equal(kept.begin(), kept.end(), blocks.begin()));
  if (kept.size() == blocks.size()) return Outcome::complete;
  BOOST_CHECK(!opened.value().report.torn_tail.empty());
  return Outcome::torn;
}

std::string flipped(std::string bytes, std::size_t bit) {
  bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << bit % 8));
  return bytes;
}

bool mentions(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_CASE(no_flipped_bit_of_the_log_is_passed_over) {
  const Victim victim(4, 1, 20, false);
  const auto log = victim.file(".log");
  const std::string sound = victim.bytes(log);
  for (std::size_t bit = 0; bit < sound.size() * 8; bit += 29)
    BOOST_TEST_CONTEXT("bit " << bit << " of " << sound.size() * 8) {
      BOOST_CHECK(outcome_of(victim.altered(log, flipped(sound, bit)), victim.blocks) ==
                  Outcome::refused);
    }
}

// Each block spans several pages of the log.
BOOST_AUTO_TEST_CASE(no_flipped_bit_of_a_log_with_large_blocks_is_passed_over) {
  const Victim victim(3, 1, 70'000, false);
  const auto log = victim.file(".log");
  const std::string sound = victim.bytes(log);
  for (std::size_t byte = 0; byte < sound.size(); byte += 4999)
    BOOST_TEST_CONTEXT("byte " << byte << " of " << sound.size()) {
      BOOST_CHECK(outcome_of(victim.altered(log, flipped(sound, 8 * byte)), victim.blocks) ==
                  Outcome::refused);
    }
  for (std::size_t page = 0; page + 7 < sound.size(); page += 32768)  // each piece's own header
    for (std::size_t bit = 0; bit < 56; bit += 3)
      BOOST_CHECK(outcome_of(victim.altered(log, flipped(sound, 8 * page + bit)), victim.blocks) ==
                  Outcome::refused);
}

BOOST_AUTO_TEST_CASE(a_log_cut_anywhere_keeps_what_is_before_and_reports_the_rest) {
  const Victim victim(3, 2, 40, false);
  const auto log = victim.file(".log");
  const std::string sound = victim.bytes(log);
  std::size_t torn = 0;
  for (std::size_t size = 0; size < sound.size(); size += 7)
    BOOST_TEST_CONTEXT("length " << size << " of " << sound.size()) {
      const auto path = victim.altered(log, sound.substr(0, size));
      auto opened = open_journal(path);
      BOOST_REQUIRE_MESSAGE(opened, (opened ? "" : opened.reason()));
      const auto kept = samples::contents(*opened.value().journal);
      BOOST_REQUIRE_LT(kept.size(), victim.blocks.size());
      BOOST_CHECK(std::equal(kept.begin(), kept.end(), victim.blocks.begin()));
      torn += opened.value().report.torn_tail.empty() ? 0 : 1;
    }
  BOOST_CHECK_GT(torn, sound.size() / 7 - 10);  // all but the cuts between two blocks
}

BOOST_AUTO_TEST_CASE(a_torn_tail_is_named_once_and_the_journal_goes_on) {
  const Victim victim(3, 2, 40, false);
  const auto log = victim.file(".log");
  const std::string sound = victim.bytes(log);
  const auto path = victim.altered(log, sound.substr(0, sound.size() - 10));
  const auto report = verify_path(path);
  BOOST_REQUIRE(report);
  BOOST_CHECK(report.value().sound());
  BOOST_CHECK(mentions(report.value().notes.back(), "ends at block 2 without a clean stop"));
  BOOST_CHECK(mentions(report.value().notes.back(), "bytes after block 2, never acknowledged"));
  {
    auto opened = open_journal(path);
    BOOST_REQUIRE(opened);
    BOOST_CHECK(mentions(opened.value().report.torn_tail, "bytes after block 2"));
    Tail tail = opened.value().journal->tail();
    const auto next = samples::blocks(tail, 3);
    opened.value().journal->append(next, {}, {});
  }
  const auto again = open_journal(path);
  BOOST_REQUIRE(again);
  BOOST_CHECK_EQUAL(again.value().report.torn_tail, "");
  BOOST_CHECK_EQUAL(samples::contents(*again.value().journal).size(), 5U);
}

// After a power cut the file may be longer than what was written of it.
BOOST_AUTO_TEST_CASE(a_tail_with_a_hole_is_torn) {
  const Victim victim(3, 1, 9000, false);
  const auto log = victim.file(".log");
  const std::string sound = victim.bytes(log);
  for (const std::size_t hole : {4096U, 5120U}) {
    std::string bytes = sound;
    const std::size_t at = (sound.size() - 6000) / 512 * 512;
    bytes.replace(at, std::min<std::size_t>(hole, sound.size() - at),
                  std::string(std::min<std::size_t>(hole, sound.size() - at), '\0'));
    BOOST_CHECK(outcome_of(victim.altered(log, bytes), victim.blocks) == Outcome::torn);
  }
  const std::string longer = sound + std::string(40'000, '\0');
  BOOST_CHECK(outcome_of(victim.altered(log, longer), victim.blocks) == Outcome::complete);
}

BOOST_AUTO_TEST_CASE(damage_in_the_middle_says_where_and_stays_refused) {
  const Victim victim(3, 2, 40, false);
  const auto log = victim.file(".log");
  const std::string sound = victim.bytes(log);
  const auto path = victim.altered(log, flipped(sound, sound.size() / 2 * 8));
  const auto first = open_journal(path);
  BOOST_REQUIRE(!first);
  BOOST_CHECK(mentions(first.reason(), "after block 1: " + log.string()));
  BOOST_CHECK(mentions(first.reason(), "sound records follow: this is not a torn tail"));
  const auto second = open_journal(path);
  BOOST_REQUIRE(!second);
  BOOST_CHECK_EQUAL(second.reason(), first.reason());
  BOOST_CHECK_EQUAL(verify_path(path).value().damage, first.reason());
}

BOOST_AUTO_TEST_CASE(no_flipped_bit_of_a_table_is_passed_over) {
  const Victim victim(4, 2, 3000, true);
  const auto table = victim.file(".sst");
  const std::string sound = victim.bytes(table);
  std::size_t refused = 0;
  for (std::size_t bit = 0; bit < sound.size() * 8; bit += 2003)
    BOOST_TEST_CONTEXT("bit " << bit << " of " << sound.size() * 8) {
      const auto outcome = outcome_of(victim.altered(table, flipped(sound, bit)), victim.blocks);
      BOOST_CHECK(outcome != Outcome::torn);
      refused += outcome == Outcome::refused ? 1 : 0;
    }
  BOOST_CHECK_GT(refused, sound.size() * 8 / 2003 / 2);  // its statistics are not checked
}

BOOST_AUTO_TEST_CASE(a_cut_or_missing_table_is_refused) {
  const Victim victim(4, 2, 300, true);
  const auto table = victim.file(".sst");
  const std::string sound = victim.bytes(table);
  for (std::size_t size = 0; size < sound.size(); size += 97)
    BOOST_CHECK(outcome_of(victim.altered(table, sound.substr(0, size)), victim.blocks) ==
                Outcome::refused);
  const auto path = victim.restored();
  fs::remove(path / "rocksdb" / table);
  BOOST_CHECK(outcome_of(path, victim.blocks) == Outcome::refused);
}

BOOST_AUTO_TEST_CASE(no_flipped_bit_of_the_list_of_files_is_passed_over) {
  const Victim victim(2, 1, 20, true);
  fs::path manifest;
  for (const auto& entry : fs::directory_iterator(victim.restored() / "rocksdb"))
    if (entry.path().filename().string().starts_with("MANIFEST")) manifest = entry.path();
  const std::string sound = victim.bytes(manifest.filename());
  for (std::size_t bit = 0; bit < sound.size() * 8; bit += 3)
    BOOST_TEST_CONTEXT("bit " << bit << " of " << sound.size() * 8) {
      const auto path = victim.altered(manifest.filename(), flipped(sound, bit));
      BOOST_CHECK(outcome_of(path, victim.blocks) != Outcome::torn);
    }
}

BOOST_AUTO_TEST_CASE(a_missing_block_is_named) {
  const samples::TempDirectory directory;
  const auto path = directory.path() / "journal";
  Tail tail;
  const auto blocks = samples::blocks(tail, 40);
  {
    const auto opened = open_journal(path);
    BOOST_REQUIRE(opened);
    opened.value().journal->append(blocks, {}, {});
  }
  for (const std::uint64_t missing : {18U, 39U}) {
    {
      auto database = RocksdbDatabase::open(path / "rocksdb", false);
      BOOST_REQUIRE(database);
      BOOST_REQUIRE(
          database.value()
              .db()
              .Delete({}, database.value().family(Family::blocks), key_of(BlockNumber{missing}))
              .ok());
    }
    const auto report = verify_path(path);
    BOOST_REQUIRE(report);
    BOOST_CHECK(
        mentions(report.value().damage, "block " + std::to_string(missing) + " is missing"));
    BOOST_CHECK_EQUAL(static_cast<bool>(open_journal(path)), missing == 18);  // far from the end
  }
}

BOOST_AUTO_TEST_CASE(a_journal_that_ends_before_its_snapshots_is_refused) {
  const samples::TempDirectory directory;
  Tail tail;
  const auto blocks = samples::blocks(tail, 2);
  {
    const auto opened = open_journal(directory.path());
    BOOST_REQUIRE(opened);
    const std::vector<Snapshot> snapshots = {samples::snapshot(messages::queen_role(), 6)};
    opened.value().journal->append(blocks, snapshots, {});
  }
  {
    auto database = RocksdbDatabase::open(directory.path() / "rocksdb", false);
    BOOST_REQUIRE(database);
    BOOST_REQUIRE(database.value()
                      .db()
                      .Delete({}, database.value().family(Family::blocks), key_of(BlockNumber{2}))
                      .ok());
  }
  const auto opened = open_journal(directory.path());
  BOOST_REQUIRE(!opened);
  BOOST_CHECK(mentions(opened.reason(),
                       "ends at position 3, but the snapshot of queen was taken "
                       "at 6: blocks are missing"));
}
