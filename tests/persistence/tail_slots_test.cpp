#include "persistence/tail_slots.hpp"

#include <boost/test/unit_test.hpp>
#include <map>

#include "persistence/memory_journal.hpp"
#include "persistence/rocksdb_journal.hpp"
#include "samples.hpp"

using namespace queenright;
using namespace queenright::persistence;

namespace {

/// What becomes of a write that was not synced when the process crashed.
enum class Unsynced { lost, torn, kept };

/// What outlives a FakeSlotFile.
struct SlotDisk {
  std::string durable;
  std::optional<std::size_t> steps_left;  ///< the write or sync after these crashes
  Unsynced fate = Unsynced::lost;
};

class FakeSlotFile final : public SlotFile {
 public:
  explicit FakeSlotFile(SlotDisk& disk) : disk_(disk), cached_(disk.durable) {}

  std::string read(std::uint64_t offset, std::size_t size) override {
    return offset < cached_.size() ? cached_.substr(offset, size) : std::string();
  }
  void write(std::uint64_t offset, std::string_view bytes) override {
    const bool crashes = step();
    if (crashes && disk_.fate == Unsynced::torn) bytes = bytes.substr(0, bytes.size() / 2);
    if (!crashes || disk_.fate != Unsynced::lost) put(cached_, offset, bytes);
    if (crashes) crash();
    unsynced_ = {offset, std::string(bytes)};
  }
  void sync() override {
    if (!step()) {
      disk_.durable = cached_;
      return;
    }
    if (disk_.fate == Unsynced::torn)
      put(disk_.durable, unsynced_.first, std::string_view(unsynced_.second).substr(0, 90));
    if (disk_.fate != Unsynced::kept) cached_ = disk_.durable;
    crash();
  }

 private:
  static void put(std::string& file, std::uint64_t offset, std::string_view bytes) {
    if (file.size() < offset + bytes.size()) file.resize(offset + bytes.size());
    file.replace(offset, bytes.size(), bytes);
  }
  bool step() {
    if (!disk_.steps_left) return false;
    return (*disk_.steps_left)-- == 0;
  }
  [[noreturn]] void crash() {
    disk_.durable = cached_;
    disk_.steps_left.reset();
    throw JournalFailed("crash");
  }

  SlotDisk& disk_;
  std::string cached_;
  std::pair<std::uint64_t, std::string> unsynced_;
};

struct Machine {
  SlotDisk slots;
  std::shared_ptr<MemoryDisk> log = std::make_shared<MemoryDisk>();

  SlottedJournal boot() {
    log->writes_left.reset();
    slots.steps_left.reset();
    return {std::make_unique<MemoryJournal>(log), TailSlots(std::make_unique<FakeSlotFile>(slots))};
  }
};

/// Appends all, in groups of two; gives how many had been promised when it crashed.
std::size_t append_until_crash(SlottedJournal& journal, const std::vector<std::string>& blocks) {
  std::size_t promised = 0;
  try {
    for (; promised < blocks.size(); promised += 2)
      journal.append(std::span(blocks).subspan(promised, 2), {}, {});
  } catch (const JournalFailed&) {
  }
  return promised;
}

void check_kept(Machine& machine, const std::vector<std::string>& blocks, std::size_t promised) {
  const auto journal = machine.boot();
  BOOST_CHECK(!journal.metadata(lost_promises_name));
  const auto kept = samples::contents(journal);
  BOOST_CHECK_GE(kept.size(), promised);
  BOOST_REQUIRE_LE(kept.size(), blocks.size());
  BOOST_CHECK(std::equal(kept.begin(), kept.end(), blocks.begin()));
}

}  // namespace

BOOST_AUTO_TEST_CASE(no_crash_of_the_slots_loses_what_was_promised) {
  Tail tail;
  const auto blocks = samples::blocks(tail, 8);
  std::size_t crashes = 0;
  for (const Unsynced fate : {Unsynced::lost, Unsynced::torn, Unsynced::kept})
    for (std::size_t step = 0; step < 2 * blocks.size(); ++step) {
      BOOST_TEST_CONTEXT("step " << step << ", fate " << static_cast<int>(fate)) {
        Machine machine;
        auto journal = machine.boot();
        machine.slots.steps_left = step;
        machine.slots.fate = fate;
        const std::size_t promised = append_until_crash(journal, blocks);
        crashes += promised < blocks.size() ? 1 : 0;
        check_kept(machine, blocks, promised);
      }
    }
  BOOST_CHECK_EQUAL(crashes, 3 * 2 * blocks.size());
}

BOOST_AUTO_TEST_CASE(no_crash_of_the_log_loses_what_was_promised) {
  Tail tail;
  const auto blocks = samples::blocks(tail, 8);
  for (const bool keeps_unsynced : {false, true})
    for (std::size_t write = 0; write < blocks.size(); ++write) {
      Machine machine;
      auto journal = machine.boot();
      machine.log->writes_left = write;
      machine.log->keeps_unsynced = keeps_unsynced;
      const std::size_t promised = append_until_crash(journal, blocks);
      BOOST_CHECK_EQUAL(promised, write / 2 * 2);
      check_kept(machine, blocks, promised);
      // The slot was durable before the log was written: the block comes back.
      BOOST_CHECK_EQUAL(machine.log->blocks.size(), write + 1);
    }
}

BOOST_AUTO_TEST_CASE(a_log_that_lost_its_tail_gets_it_back_or_the_loss_is_told) {
  Tail tail;
  const auto blocks = samples::blocks(tail, 8);
  for (std::size_t lost = 0; lost < blocks.size(); ++lost) {
    Machine machine;
    auto first = machine.boot();
    BOOST_REQUIRE_EQUAL(append_until_crash(first, blocks), blocks.size());
    machine.log->blocks.resize(blocks.size() - lost);
    const auto journal = machine.boot();
    const auto told = journal.metadata(lost_promises_name);
    BOOST_CHECK_EQUAL(told.has_value(), lost > 2);
    BOOST_CHECK_EQUAL(samples::contents(journal).size(), lost > 2 ? 8 - lost : 8U);
    if (lost == 3)
      BOOST_CHECK_EQUAL(*told,
                        "ends at block 5, but block 8 had been written: blocks 6 to 7 are missing");
  }
}

BOOST_AUTO_TEST_CASE(a_loss_is_told_until_it_is_dealt_with) {
  Tail tail;
  const auto blocks = samples::blocks(tail, 8);
  Machine machine;
  auto first = machine.boot();
  append_until_crash(first, blocks);
  machine.log->blocks.resize(4);
  machine.boot();
  {
    auto journal = machine.boot();
    BOOST_CHECK(!journal.metadata(lost_promises_name).value_or("").empty());
    Tail other = journal.tail();
    const auto next = samples::blocks(other, 1, 1);  // the other slot keeps what it had
    journal.append(next, {}, {});
    journal.put_metadata(lost_promises_name, "");
  }
  const auto journal = machine.boot();
  BOOST_CHECK_EQUAL(journal.metadata(lost_promises_name).value(), "");
  BOOST_CHECK_EQUAL(journal.tail().last.value, 5U);
}

BOOST_AUTO_TEST_CASE(a_log_with_another_past_is_told) {
  Tail tail, other;
  const auto blocks = samples::blocks(tail, 2);
  Machine machine;
  auto first = machine.boot();
  append_until_crash(first, blocks);
  machine.log->blocks = samples::blocks(other, 2, 1);
  const auto journal = machine.boot();
  BOOST_CHECK_EQUAL(journal.metadata(lost_promises_name).value(),
                    "block 2 is not the one that had been written");
}

BOOST_AUTO_TEST_CASE(a_block_too_large_for_its_slot_is_never_promised) {
  Tail tail;
  Machine machine;
  auto journal = machine.boot();
  const std::vector<std::string> blocks = {samples::block(tail, 1, TailSlots::capacity)};
  BOOST_CHECK_THROW(journal.append(blocks, {}, {}), JournalFailed);
  BOOST_CHECK(machine.log->blocks.empty());
}

// Random bytes instead of slots: nothing is taken for a block, nothing is read beyond.
BOOST_AUTO_TEST_CASE(foreign_slots_are_passed_over) {
  for (const std::size_t size : {0U, 1U, 71U, 72U, 5000U}) {
    SlotDisk disk;
    disk.durable = samples::record(size, size).input;
    Tail tail;
    std::string huge = samples::block(tail);
    huge.resize(BlockHeader::size);
    disk.durable += huge;
    const TailSlots slots(std::make_unique<FakeSlotFile>(disk));
    const auto found = slots.beyond(Tail{});
    BOOST_CHECK(found.blocks.empty());
    BOOST_CHECK_EQUAL(found.lost_promises, "");
  }
}

// The same on a disk: the log is put back to what it was, the slots are not.
BOOST_AUTO_TEST_CASE(a_rolled_back_database_gets_its_block_back_from_the_slots) {
  namespace fs = std::filesystem;
  for (const std::size_t lost : {1U, 4U}) {
    samples::TempDirectory directory;
    const fs::path path = directory.path() / "journal", backup = directory.path() / "backup";
    Tail tail;
    const auto blocks = samples::blocks(tail, 6);
    const std::size_t kept = blocks.size() - lost;
    {
      auto opened = open_journal(path, {true});
      BOOST_REQUIRE(opened);
      const auto journal = std::move(std::move(opened).value().journal);
      journal->append(std::span(blocks).first(kept), {}, {});
      fs::copy(path / "rocksdb", backup, fs::copy_options::recursive);
      journal->append(std::span(blocks).subspan(kept), {}, {});
    }
    fs::remove_all(path / "rocksdb");
    fs::rename(backup, path / "rocksdb");
    const auto looked_at = open_journal_read_only(path);
    BOOST_REQUIRE(looked_at);
    const auto opened = open_journal(path, {true});
    BOOST_REQUIRE(opened);
    BOOST_CHECK_EQUAL(opened.value().report.lost_promises.empty(), lost == 1);
    BOOST_CHECK_EQUAL(looked_at.value().report.lost_promises.empty(), lost == 1);
    BOOST_CHECK_EQUAL(samples::contents(*opened.value().journal).size(), lost == 1 ? 6U : kept);
  }
}
