#include "persistence/rocksdb_journal.hpp"

#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <atomic>
#include <boost/test/results_collector.hpp>
#include <boost/test/unit_test.hpp>
#include <fstream>
#include <sstream>
#include <thread>

#include "other_process.hpp"
#include "persistence/follower.hpp"
#include "samples.hpp"

using namespace queenright;
using namespace queenright::persistence;
using samples::OtherProcess;
namespace fs = std::filesystem;

namespace {

std::unique_ptr<Journal> opened(const fs::path& path) {
  auto result = open_journal(path);
  BOOST_REQUIRE_MESSAGE(result, (result ? "" : result.reason()));
  return std::move(std::move(result).value().journal);
}

bool mentions(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::uint64_t bytes_on_disk(const fs::path& path) {
  std::uint64_t bytes = 0;
  for (const auto& entry : fs::recursive_directory_iterator(path))
    if (entry.is_regular_file()) bytes += entry.file_size();
  return bytes;
}

BOOST_AUTO_TEST_CASE(a_foreign_directory_is_refused_and_left_alone) {
  const samples::TempDirectory directory;
  samples::write_file(directory.path() / "notes.txt", "mine");
  for (const std::string& reason :
       {open_journal(directory.path()).reason(), open_journal_read_only(directory.path()).reason()})
    BOOST_CHECK_EQUAL(reason, "not a journal: " + directory.path().string() +
                                  " holds notes.txt, and no file JOURNAL");
  BOOST_CHECK_EQUAL(std::distance(fs::directory_iterator(directory.path()), {}), 1);
}

BOOST_AUTO_TEST_CASE(a_file_or_nothing_is_no_journal) {
  const samples::TempDirectory directory;
  samples::write_file(directory.path() / "file", "x");
  BOOST_CHECK(!open_journal(directory.path() / "file"));
  BOOST_CHECK(mentions(open_journal_read_only(directory.path() / "file").reason(),
                       "file is not a directory"));
  BOOST_CHECK(mentions(open_journal_read_only(directory.path() / "missing").reason(),
                       "missing is not a directory"));
  fs::create_directory(directory.path() / "empty");
  BOOST_CHECK(mentions(open_journal_read_only(directory.path() / "empty").reason(),
                       "empty is empty, or was never finished"));
}

BOOST_AUTO_TEST_CASE(a_newer_or_foreign_marker_is_refused) {
  const samples::TempDirectory directory;
  opened(directory.path());
  samples::write_file(directory.path() / "JOURNAL", "queenright journal, format 2\n");
  BOOST_CHECK_EQUAL(open_journal(directory.path()).reason(),
                    directory.path().string() + " is a journal of format 2; this program knows 1");
  for (const char* text : {"", "queenright journal, format ", "something else"}) {
    samples::write_file(directory.path() / "JOURNAL", text);
    BOOST_CHECK_EQUAL(
        open_journal(directory.path()).reason(),
        "not a journal: " + directory.path().string() + "/JOURNAL says something else");
  }
}

// A marker without its database: it must not silently begin anew.
BOOST_AUTO_TEST_CASE(a_journal_whose_database_is_gone_is_damaged) {
  const samples::TempDirectory directory;
  opened(directory.path());
  fs::remove(directory.path() / "rocksdb" / "CURRENT");
  BOOST_CHECK(!open_journal(directory.path()));
  BOOST_CHECK(!open_journal_read_only(directory.path()));
  fs::remove_all(directory.path() / "rocksdb");
  BOOST_CHECK(mentions(open_journal(directory.path()).reason(), "is a damaged journal"));
  fs::remove(directory.path() / "JOURNAL");
  BOOST_CHECK(open_journal(directory.path()));
}

BOOST_AUTO_TEST_CASE(an_unfinished_creation_is_finished) {
  const samples::TempDirectory directory;
  opened(directory.path());
  fs::remove(directory.path() / "JOURNAL");
  samples::write_file(directory.path() / "JOURNAL.new", "queen");
  opened(directory.path());
  BOOST_CHECK(fs::exists(directory.path() / "JOURNAL"));
}

BOOST_AUTO_TEST_CASE(the_database_writes_no_log_files_for_people) {
  const samples::TempDirectory directory;
  for (int i = 0; i < 3; ++i) opened(directory.path());
  for (const auto& entry : fs::directory_iterator(directory.path() / "rocksdb"))
    BOOST_CHECK(!entry.path().filename().string().starts_with("LOG"));
}

BOOST_AUTO_TEST_CASE(dropped_blocks_give_their_space_back) {
  const samples::TempDirectory directory;
  Tail tail;
  const auto journal = opened(directory.path());
  for (int i = 0; i < 50; ++i)  // 100 MB
    journal->append(samples::blocks(tail, 2, 1, 1'000'000), {}, {});
  const auto before = bytes_on_disk(directory.path());
  journal->drop_before({90});
  BOOST_CHECK_LT(bytes_on_disk(directory.path()), before / 2 + 20'000'000);
  BOOST_CHECK_EQUAL(samples::contents(*journal).size(), 11U);
}

BOOST_AUTO_TEST_CASE(a_reader_sees_what_a_writer_has_written) {
  const samples::TempDirectory directory;
  const auto journal = opened(directory.path());
  Tail tail;
  const auto blocks = samples::blocks(tail, 3);
  journal->append(blocks, {}, {});
  const auto reader = open_journal_read_only(directory.path());
  BOOST_REQUIRE(reader);
  BOOST_CHECK(samples::contents(*reader.value().recording) == blocks);
  journal->append(samples::blocks(tail, 1), {}, {});
  BOOST_CHECK(samples::contents(*reader.value().recording) == blocks);  // as of its opening
}

/// Writes on a thread of its own, as long as it lives.
class BusyWriter {
 public:
  /// `life`: so many blocks of this size are written until the journal is closed and opened again.
  BusyWriter(fs::path path, int life, std::size_t size)
      : path_(std::move(path)), thread_([this, life, size] { write(life, size); }) {}
  ~BusyWriter() {
    stopping_ = true;
    thread_.join();
  }

  std::uint64_t written() const { return written_; }

 private:
  void write(int life, std::size_t size) {
    while (!stopping_) {
      const auto journal = std::move(open_journal(path_)).value().journal;
      for (int i = 0; i < life && !stopping_; ++i) {
        journal->append(samples::blocks(tail_, 1, 1, size), {}, {});
        written_ = tail_.last.value;
      }
    }
  }

  const fs::path path_;
  Tail tail_;
  std::atomic<std::uint64_t> written_{0};
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

struct Pace {
  int life;  ///< how many blocks until the journal is closed and opened again
  std::size_t block;
  int rounds;
};
/// The database's files change under who reads, and what is in one comes to be in another: whenever
/// it is opened, and whenever a memtable is full.
const std::vector<Pace> paces{{3, 40, 30}, {1000, 100'000, 10}};

BOOST_AUTO_TEST_CASE(a_reader_misses_nothing_whatever_a_writer_does_meanwhile) {
  for (const Pace& pace : paces) {
    const samples::TempDirectory directory(samples::TempDirectory::Place::memory);
    opened(directory.path());
    const BusyWriter writer(directory.path(), pace.life, pace.block);
    for (int round = 0; round < pace.rounds; ++round) {
      const auto written = writer.written();
      const auto reader = open_journal_read_only(directory.path());
      BOOST_REQUIRE_MESSAGE(reader, (reader ? "" : reader.reason()));
      BOOST_TEST(reader.value().recording->tail().last.value >= written);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_follower_passes_over_nothing_whatever_a_writer_does_meanwhile) {
  for (const Pace& pace : paces) {
    const samples::TempDirectory directory(samples::TempDirectory::Place::memory);
    opened(directory.path());
    const auto followed = Follower::open(directory.path(), {1});
    BOOST_REQUIRE_MESSAGE(followed, (followed ? "" : followed.reason()));
    std::uint64_t seen = 0;
    const auto poll = [&] {
      const auto polled = followed.value()->poll([&](const Block& block) {
        BOOST_TEST(block.header().number.value == ++seen);
        return true;
      });
      BOOST_REQUIRE_MESSAGE(polled, (polled ? "" : polled.reason()));
    };
    std::uint64_t written = 0;
    {
      const BusyWriter writer(directory.path(), pace.life, pace.block);
      for (int round = 0; round < 10 * pace.rounds; ++round) poll();
      written = writer.written();
    }
    poll();
    BOOST_TEST(seen >= written);
  }
}

BOOST_AUTO_TEST_CASE(a_follower_sees_what_comes) {
  const samples::TempDirectory directory;
  const auto journal = opened(directory.path());
  Tail tail;
  std::vector<std::string> blocks = samples::blocks(tail, 3);
  journal->append(blocks, {}, {});
  auto followed = Follower::open(directory.path(), {2});
  BOOST_REQUIRE_MESSAGE(followed, (followed ? "" : followed.reason()));
  const auto follower = std::move(followed).value();
  std::vector<std::string> seen;
  const auto poll = [&] {
    const auto polled = follower->poll([&](const Block& block) {
      seen.emplace_back(block.bytes());
      return true;
    });
    BOOST_CHECK(polled);
  };
  poll();
  BOOST_CHECK((seen == std::vector{blocks[1], blocks[2]}));
  seen.clear();
  poll();
  BOOST_CHECK(seen.empty());
  for (int round = 0; round < 4; ++round) {  // beyond a memtable, so that files change too
    const auto more = samples::blocks(tail, 10, 1, 1'000'000);
    journal->append(more, {}, {});
    poll();
    BOOST_CHECK(seen == more);
    seen.clear();
  }
}

// ---- with another process

BOOST_AUTO_TEST_SUITE(other_process, *boost::unit_test::disabled())

BOOST_AUTO_TEST_CASE(holds_the_journal) {
  const auto journal = opened(OtherProcess::journal());
  OtherProcess::tell("open");
  ::pause();
}

BOOST_AUTO_TEST_CASE(appends_until_killed) {
  const auto journal = opened(OtherProcess::journal());
  for (Tail tail;;) {
    journal->append(samples::blocks(tail, 1, 5, 300), {}, {});
    OtherProcess::tell(std::to_string(tail.last.value));
  }
}

BOOST_AUTO_TEST_CASE(appends_until_the_disk_is_full) {
  ::signal(SIGXFSZ, SIG_IGN);
  const auto journal = opened(OtherProcess::journal());
  const rlimit limit{3'000'000, 3'000'000};  // of each file: writes fail, as on a full disk
  BOOST_REQUIRE_EQUAL(::setrlimit(RLIMIT_FSIZE, &limit), 0);
  Tail tail;
  try {
    for (;;) {
      journal->append(samples::blocks(tail, 1, 1, 100'000), {}, {});
      OtherProcess::tell("kept");
    }
  } catch (const JournalFailed& failed) {
    OtherProcess::tell(failed.what());
  }
  BOOST_CHECK_THROW(journal->tail(), JournalFailed);
  BOOST_CHECK_THROW(journal->append({}, {}, {}), JournalFailed);
  BOOST_CHECK_THROW(journal->put_metadata("a", "b"), JournalFailed);
  BOOST_CHECK_THROW(journal->metadata("a"), JournalFailed);
  BOOST_CHECK_THROW((void)journal->newest_snapshots(), JournalFailed);
  OtherProcess::tell(boost::unit_test::results_collector
                                 .results(boost::unit_test::framework::current_test_case_id())
                                 .p_assertions_failed == 0U
                         ? "poisoned"
                         : "not poisoned");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace

BOOST_AUTO_TEST_CASE(a_second_process_is_refused_and_the_first_named) {
  const samples::TempDirectory directory;
  OtherProcess holder("other_process/holds_the_journal", directory.path());
  holder.wait_for_line("open");
  const std::string expected =
      directory.path().string() + " is in use by process " + std::to_string(holder.id());
  BOOST_CHECK_EQUAL(open_journal(directory.path()).reason(), expected);
  BOOST_CHECK_EQUAL(open_journal(directory.path()).reason(), expected);  // a try frees nothing
  BOOST_CHECK(open_journal_read_only(directory.path()));
  BOOST_CHECK_EQUAL(open_journal(directory.path()).reason(), expected);
  holder.kill();
  BOOST_CHECK(open_journal(directory.path()));
}

BOOST_AUTO_TEST_CASE(the_same_process_is_refused_too) {
  const samples::TempDirectory directory;
  const auto journal = opened(directory.path());
  BOOST_CHECK_EQUAL(
      open_journal(directory.path()).reason(),
      directory.path().string() + " is in use by process " + std::to_string(::getpid()));
}

BOOST_AUTO_TEST_CASE(what_was_appended_survives_a_kill) {
  for (const char* last : {"1", "7", "300"}) {
    const samples::TempDirectory directory;
    OtherProcess writer("other_process/appends_until_killed", directory.path());
    writer.wait_for_line(last);
    writer.kill();
    const auto journal = opened(directory.path());
    BOOST_CHECK_GE(journal->tail().last.value, std::stoull(last));
    Tail tail;
    BOOST_CHECK(samples::contents(*journal) ==
                samples::blocks(tail, journal->tail().last.value, 5, 300));
  }
}

BOOST_AUTO_TEST_CASE(a_failed_write_says_why_poisons_the_journal_and_loses_nothing) {
  const samples::TempDirectory directory;
  OtherProcess writer("other_process/appends_until_the_disk_is_full", directory.path());
  std::istringstream said(writer.rest_until_exit());
  std::size_t kept = 0;
  std::string line;
  while (std::getline(said, line) && line == "kept") ++kept;
  BOOST_CHECK_GT(kept, 10U);
  BOOST_CHECK_MESSAGE(
      mentions(line, "the journal can't be written: ") && mentions(line, "File too large"), line);
  BOOST_CHECK(std::getline(said, line));
  BOOST_CHECK_EQUAL(line, "poisoned");
  BOOST_CHECK_GE(samples::contents(*opened(directory.path())).size(), kept);
}
