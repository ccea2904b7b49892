#include "persistence/block.hpp"

#include <boost/test/unit_test.hpp>

#include "messages/ensure.hpp"
#include "messages/writer.hpp"
#include "persistence/chain.hpp"
#include "samples.hpp"

using namespace queenright;
using namespace queenright::persistence;

namespace {

std::vector<std::string> records_of(const Block& block) {
  std::vector<std::string> encoded;
  const auto all = block.for_each([&](messages::Position, const Record& record) {
    encoded.push_back(messages::encode(record));
    return true;
  });
  BOOST_REQUIRE(all);
  return encoded;
}

bool mentions(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_block_gives_back_its_records_and_their_positions) {
  Tail tail{{7}, {40}, {99}, 5000};
  BlockBuilder builder;
  const std::vector<Record> records = {samples::record(1), samples::record(2, 0),
                                       samples::record(3, 100'000)};
  for (const Record& record : records) builder.append(record);
  BOOST_CHECK_EQUAL(builder.count(), 3U);
  const std::string bytes = builder.seal(tail, {1234});

  const auto block = open_block(bytes);
  BOOST_REQUIRE(block);
  const BlockHeader& header = block.value().header();
  BOOST_CHECK_EQUAL(header.number.value, 8U);
  BOOST_CHECK_EQUAL(header.first.value, 41U);
  BOOST_CHECK_EQUAL(header.last().value, 43U);
  BOOST_CHECK_EQUAL(header.written.milliseconds, 1234);
  BOOST_CHECK_EQUAL(header.previous.value, 99U);
  BOOST_CHECK_EQUAL(header.bytes_before, 5000U);
  BOOST_CHECK(block.value().tail() == tail);
  BOOST_CHECK_EQUAL(tail.bytes, 5000 + bytes.size());

  std::vector<std::uint64_t> positions;
  std::vector<std::string> encoded;
  BOOST_REQUIRE(block.value().for_each([&](messages::Position position, const Record& record) {
    positions.push_back(position.value);
    encoded.push_back(messages::encode(record));
    return true;
  }));
  BOOST_CHECK((positions == std::vector<std::uint64_t>{41, 42, 43}));
  for (std::size_t i = 0; i < records.size(); ++i)
    BOOST_CHECK(encoded.at(i) == messages::encode(records[i]));
}

// The builder encodes by hand, for speed.
BOOST_AUTO_TEST_CASE(the_bytes_of_a_record_are_those_of_its_description) {
  const std::vector<Record> odd = {
      {},
      {{messages::RoleKind::queen, 0}, {1}, "", {}, ""},
      {{messages::RoleKind::none, 5}, {300}, std::string(127, 'a'), {0}, ""},
      {{messages::RoleKind::circuit, ~std::uint64_t{0}},
       {~std::uint64_t{0}},
       std::string(128, 'b'),
       {~std::uint64_t{0}, 1, 127, 128},
       "broken"},
      {{}, {}, std::string(1, '\0'), {}, std::string(20'000, 'c')}};
  for (const Record& record : odd) {
    Tail tail;
    BlockBuilder builder;
    builder.append(record);
    const std::string bytes = builder.seal(tail, {});
    const std::string expected = messages::encode(record);
    const std::string body =
        bytes.substr(BlockHeader::size, bytes.size() - BlockHeader::size - sizeof(std::uint64_t));
    BOOST_CHECK(body.ends_with(expected));
    const auto block = open_block(bytes);
    BOOST_REQUIRE(block);
    BOOST_CHECK((records_of(block.value()) == std::vector<std::string>{expected}));
  }
}

BOOST_AUTO_TEST_CASE(a_builder_starts_anew_after_sealing) {
  Tail tail;
  BlockBuilder builder;
  builder.append(samples::record(1));
  const std::string first = builder.seal(tail, {});
  BOOST_CHECK(builder.empty());
  builder.append(samples::record(2));
  const std::string second = builder.seal(tail, {});

  Chain chain(Tail{});
  BOOST_REQUIRE(chain.next(first));
  const auto next = chain.next(second);
  BOOST_REQUIRE(next);
  BOOST_CHECK_EQUAL(records_of(next.value()).size(), 1U);
  BOOST_CHECK(chain.tail() == tail);
}

BOOST_AUTO_TEST_CASE(every_flipped_bit_of_a_block_is_refused) {
  Tail tail;
  const std::string sound = samples::block(tail);
  for (std::size_t bit = 0; bit < sound.size() * 8; ++bit) {
    std::string bytes = sound;
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << bit % 8));
    BOOST_REQUIRE_MESSAGE(!open_block(bytes), "bit " << bit);
  }
}

BOOST_AUTO_TEST_CASE(a_block_of_another_length_is_refused) {
  Tail tail;
  const std::string sound = samples::block(tail);
  for (std::size_t size = 0; size < sound.size(); ++size)
    BOOST_REQUIRE_MESSAGE(!open_block(std::string_view(sound).substr(0, size)), size);
  BOOST_CHECK_EQUAL(open_block(sound + "x").reason(), "1 bytes too long");
  BOOST_CHECK(mentions(open_block(sound.substr(0, sound.size() - 1)).reason(), "cut short"));
}

BOOST_AUTO_TEST_CASE(a_refusal_says_what_is_wrong) {
  Tail tail;
  const std::string sound = samples::block(tail);
  std::string newer = sound;
  newer[8] = 9;
  BOOST_CHECK_EQUAL(open_block(newer).reason(), "of format 9; this program knows 1");
  BOOST_CHECK_EQUAL(open_block("something else entirely").reason(), "not a block");
  BOOST_CHECK_EQUAL(open_block(std::string(100, '\0')).reason(), "not a block");
  std::string flipped = sound;
  flipped[BlockHeader::size + 3] ^= 1;
  BOOST_CHECK(mentions(open_block(flipped).reason(), "checksum differs"));
}

BOOST_AUTO_TEST_CASE(a_chain_names_what_is_missing_or_foreign) {
  Tail tail;
  const auto blocks = samples::blocks(tail, 5);
  Chain chain(Tail{});
  BOOST_REQUIRE(chain.next(blocks[0]));
  BOOST_CHECK_EQUAL(chain.next(blocks[2]).reason(), "block 2 is missing");
  BOOST_CHECK_EQUAL(chain.next(blocks[4]).reason(), "blocks 2 to 4 are missing");
  BOOST_CHECK_EQUAL(chain.next(blocks[0]).reason(), "block 1 stands where block 2 belongs");

  Tail other;
  samples::block(other, 3, 41);
  const std::string foreign = samples::block(other);
  BOOST_CHECK(mentions(chain.next(foreign).reason(), "block 2 does not continue block 1"));

  Chain later(BlockNumber{3});
  BOOST_CHECK(later.next(blocks[2]));
  BOOST_CHECK(later.next(blocks[3]));
}

// What has a good checksum may still have been made by somebody else's program.
BOOST_AUTO_TEST_CASE(records_that_cannot_be_decoded_are_refused_with_their_position) {
  Tail tail;
  BlockBuilder builder;
  builder.append(samples::record(1));
  builder.append(Record{{}, {2}, "input", {}, {}});
  const std::string sound = builder.seal(tail, {});
  const auto header = read_block_header(sound);
  BOOST_REQUIRE(header);
  for (std::size_t cut = 1; cut < 7; ++cut) {
    BlockHeader shorter = header.value();
    shorter.body_size -= cut;
    const Block block(shorter, sound);
    const auto all = block.for_each([](messages::Position, const Record&) { return true; });
    BOOST_REQUIRE(!all);
    BOOST_CHECK_EQUAL(all.reason(), "block 1: the record of position 2 can't be decoded");
  }
  BlockHeader more = header.value();
  more.count = 3;
  const auto all =
      Block(more, sound).for_each([](messages::Position, const Record&) { return true; });
  BOOST_REQUIRE(!all);
  BOOST_CHECK_EQUAL(all.reason(), "block 1: holds 2 records, its header says 3");
}

BOOST_AUTO_TEST_CASE(blocks_out_of_order_and_snapshots_of_the_future_are_bugs) {
  Tail tail;
  const auto blocks = samples::blocks(tail, 2);
  const std::vector<std::string> second = {blocks[1]};
  BOOST_CHECK_THROW(tail_after(Tail{}, second, {}), messages::BrokenInvariant);
  const std::vector<Snapshot> future = {samples::snapshot({}, 7)};
  BOOST_CHECK_THROW(tail_after(Tail{}, blocks, future), messages::BrokenInvariant);
  BOOST_CHECK(tail_after(Tail{}, blocks, {}) == tail);
}
