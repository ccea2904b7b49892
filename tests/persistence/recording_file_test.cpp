#include "persistence/recording_file.hpp"

#include <boost/test/unit_test.hpp>

#include "messages/writer.hpp"
#include "persistence/verify.hpp"
#include "samples.hpp"

using namespace queenright;
using namespace queenright::persistence;

namespace {

const messages::RoleId role = messages::circuit_role({7});

/// Some blocks of 256 KiB and a rest.
constexpr std::size_t record_count = 9;
constexpr std::size_t record_size = 100'000;

void write_slice(const std::filesystem::path& path, std::size_t records, std::size_t size,
                 std::optional<Snapshot> start) {
  auto writer = SliceWriter::create(path, {{3}, role, {{"version", "12"}}, std::move(start)});
  BOOST_REQUIRE(writer);
  const auto slice = std::move(writer).value();
  for (std::size_t i = 1; i <= records; ++i) slice->append(samples::record(i, size, role));
  BOOST_CHECK(!slice->finish());
}

std::vector<std::string> records_of(const Recording& recording) {
  std::vector<std::string> all;
  const auto scanned = recording.scan({1}, [&](const Block& block) {
    BOOST_CHECK(block.for_each([&](messages::Position, const Record& record) {
      all.push_back(messages::encode(record));
      return true;
    }));
    return true;
  });
  BOOST_CHECK(scanned);
  return all;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_slice_gives_back_what_was_written) {
  const samples::TempDirectory directory;
  const auto path = directory.path() / "run.slice";
  const Snapshot start = samples::snapshot(role, 5, std::string(50'000, 's'));
  write_slice(path, record_count, record_size, start);

  auto opened = Slice::open(path);
  BOOST_REQUIRE_MESSAGE(opened, (opened ? "" : opened.reason()));
  const auto slice = std::move(opened).value();
  BOOST_CHECK_EQUAL(slice->header().node.value, 3U);
  BOOST_CHECK(slice->header().role == role);
  BOOST_CHECK_EQUAL(slice->metadata("version").value(), "12");
  BOOST_CHECK(!slice->metadata("else"));
  BOOST_CHECK(slice->base_snapshots().value() == std::vector{start});
  BOOST_CHECK(slice->newest_snapshots().value() == std::vector{start});
  BOOST_CHECK_EQUAL(slice->tail().last_position.value, record_count);
  BOOST_CHECK_GT(slice->tail().last.value, 2U);
  const auto records = records_of(*slice);
  BOOST_REQUIRE_EQUAL(records.size(), record_count);
  for (std::size_t i = 0; i < record_count; ++i)
    BOOST_CHECK(records[i] == messages::encode(samples::record(i + 1, record_size, role)));
  std::uint64_t seen = 0;
  BOOST_CHECK(slice->scan({2}, [&](const Block& block) {
    seen = block.header().number.value;
    return false;
  }));
  BOOST_CHECK_EQUAL(seen, 2U);
  BOOST_CHECK(!std::filesystem::exists(path.string() + ".new"));
}

BOOST_AUTO_TEST_CASE(an_empty_slice_is_one) {
  const samples::TempDirectory directory;
  const auto path = directory.path() / "run.slice";
  write_slice(path, 0, 0, std::nullopt);
  const auto slice = Slice::open(path);
  BOOST_REQUIRE(slice);
  BOOST_CHECK(slice.value()->base_snapshots().value().empty());
  BOOST_CHECK(records_of(*slice.value()).empty());
}

BOOST_AUTO_TEST_CASE(an_unfinished_slice_leaves_nothing_behind) {
  const samples::TempDirectory directory;
  const auto path = directory.path() / "run.slice";
  {
    const auto writer = SliceWriter::create(path, {});
    BOOST_REQUIRE(writer);
    writer.value()->append(samples::record(1));
  }
  BOOST_CHECK(std::filesystem::is_empty(directory.path()));
}

BOOST_AUTO_TEST_CASE(a_slice_that_cannot_be_written_is_refused_by_name) {
  const samples::TempDirectory directory;
  const auto writer = SliceWriter::create(directory.path() / "missing" / "run.slice", {});
  BOOST_REQUIRE(!writer);
  BOOST_CHECK(writer.reason().find("missing/run.slice.new can't be made: No such file") !=
              std::string::npos);
}

BOOST_AUTO_TEST_CASE(every_flipped_bit_and_every_other_length_of_a_slice_is_refused) {
  const samples::TempDirectory directory{samples::TempDirectory::Place::memory};
  const auto path = directory.path() / "run.slice", broken = directory.path() / "broken.slice";
  write_slice(path, 3, 20, samples::snapshot(role, 5));
  const std::string sound = samples::read_file(path);
  for (std::size_t bit = 0; bit < sound.size() * 8; ++bit) {
    std::string bytes = sound;
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << bit % 8));
    samples::write_file(broken, bytes);
    BOOST_REQUIRE_MESSAGE(!Slice::open(broken), "bit " << bit);
  }
  for (std::size_t size = 0; size < sound.size(); ++size) {
    samples::write_file(broken, sound.substr(0, size));
    BOOST_REQUIRE_MESSAGE(!Slice::open(broken), "length " << size);
  }
  samples::write_file(broken, sound + sound);
  BOOST_CHECK(!Slice::open(broken));
}

BOOST_AUTO_TEST_CASE(a_refused_slice_says_why) {
  const samples::TempDirectory directory;
  const auto path = directory.path() / "run.slice";
  write_slice(path, 3, 20, std::nullopt);
  const std::string sound = samples::read_file(path);
  const auto reason = [&](const std::string& bytes) {
    samples::write_file(path, bytes);
    const auto slice = Slice::open(path);
    return slice ? ""
                 : slice.reason().substr(
                       slice.reason().find(path.string()) == 0 ? path.string().size() : 0);
  };
  std::string newer = sound;
  newer[8] = 2;
  BOOST_CHECK_EQUAL(reason(newer), " is a slice of format 2; this program knows 1");
  BOOST_CHECK_EQUAL(reason(""), "not a recording: " + path.string());
  BOOST_CHECK_EQUAL(reason("#!/bin/sh\necho this is something else"),
                    "not a recording: " + path.string());
  BOOST_CHECK_EQUAL(reason(sound.substr(0, 30)), ": cut short within its header");
  std::string flipped = sound;
  flipped[sound.size() - 90] ^= 1;
  BOOST_CHECK_EQUAL(reason(flipped), ": block 1: checksum differs (a flipped bit?)");
  // A length of 4 GiB in the header of a small file: refused, not reserved.
  std::string greedy = sound;
  greedy.replace(12, 4, "\xFF\xFF\xFF\xFF");
  BOOST_CHECK_EQUAL(reason(greedy), ": cut short within its header");
  BOOST_CHECK_EQUAL(Slice::open(directory.path()).reason(),
                    directory.path().string() + " is not a file");
}

BOOST_AUTO_TEST_CASE(a_recording_is_a_directory_or_a_slice) {
  const samples::TempDirectory directory;
  const auto slice = directory.path() / "run.slice", journal = directory.path() / "journal";
  write_slice(slice, 3, 20, std::nullopt);
  BOOST_CHECK(open_journal(journal));
  BOOST_CHECK(open_recording(slice));
  BOOST_CHECK(open_recording(journal));
  BOOST_CHECK(!open_recording(directory.path()));
  BOOST_CHECK(!open_recording(directory.path() / "missing"));
  BOOST_CHECK(verify_path(slice).value().sound());
  BOOST_CHECK_EQUAL(verify_path(slice).value().inputs, 3U);
}
