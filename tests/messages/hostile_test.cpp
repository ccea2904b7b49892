#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include <boost/test/unit_test.hpp>

#include "messages/codec.hpp"
#include "messages/reader.hpp"
#include "messages/writer.hpp"
#include "tests/messages/memory_meter.hpp"
#include "tests/messages/random_messages.hpp"

/// Bytes that anybody may have sent: refused or understood, never a crash, never more memory
/// than a fixed multiple of their length.
namespace queenright::messages {
namespace {
BOOST_AUTO_TEST_SUITE(hostile_bytes)

std::size_t memory_allowed(std::size_t bytes) { return 256 * bytes + (256U << 10U); }

/// What is accepted has one canonical form.
template <class T>
void survives(std::string_view bytes, Result<T> (*decode)(std::string_view)) {
  Result<T> decoded = Refusal{};
  const auto peak = peak_memory_of([&] { decoded = decode(bytes); });
  BOOST_REQUIRE_LE(peak, memory_allowed(bytes.size()));
  if (!decoded) return;
  const std::string canonical = bytes_of(decoded.value());
  const auto again = decode(canonical);
  BOOST_REQUIRE(again);
  BOOST_REQUIRE(bytes_of(again.value()) == canonical);
}

void input_survives(std::string_view bytes) { survives(bytes, decode_input); }
void effect_survives(std::string_view bytes) { survives(bytes, decode_effect); }
void letter_survives(std::string_view bytes) { survives(bytes, decode_letter); }
void frame_survives(std::string_view bytes) { survives(bytes, decode_frame); }
void request_survives(std::string_view bytes) { survives(bytes, decode_client_request); }

std::string mutated(std::string bytes, Random& random) {
  for (std::size_t left = 1 + random.below(3); left > 0; --left) {
    const std::size_t at = random.below(bytes.size() + 1);
    const char byte = static_cast<char>(random.draw());
    switch (random.below(4)) {
      case 0:
        if (at < bytes.size()) bytes[at] = static_cast<char>(bytes[at] ^ (1U << random.below(8)));
        break;
      case 1: bytes.insert(at, 1, byte); break;
      case 2: bytes.erase(at, 1 + random.below(4)); break;
      default: bytes.insert(at, bytes.substr(random.below(bytes.size() + 1), 20)); break;
    }
  }
  return bytes;
}

std::string repeated(const std::string& piece, std::size_t times) {
  std::string all;
  for (; times > 0; --times) all += piece;
  return all;
}

/// A field of the length-delimited kind.
std::string field(int number, const std::string& content) {
  std::string out;
  google::protobuf::io::StringOutputStream stream(&out);
  google::protobuf::io::CodedOutputStream coded(&stream);
  coded.WriteTag(static_cast<std::uint32_t>(number) << 3U | 2U);
  coded.WriteVarint32(static_cast<std::uint32_t>(content.size()));
  coded.WriteString(content);
  coded.Trim();
  return out;
}

/// An Input's bytes whose Envelope holds one Reply with `value`'s bytes for its result.
std::string reply_input(const std::string& value) {
  return field(5, field(2, field(2, field(2, field(4, value)))));
}

BOOST_AUTO_TEST_CASE(every_truncation_is_survived) {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    const std::string input = bytes_of(random_input(seed));
    const std::string effect = bytes_of(random_effect(seed));
    for (std::size_t length = 0; length < std::min<std::size_t>(input.size(), 400); ++length)
      input_survives(std::string_view(input).substr(0, length));
    for (std::size_t length = 0; length < std::min<std::size_t>(effect.size(), 400); ++length)
      effect_survives(std::string_view(effect).substr(0, length));
  }
}

BOOST_AUTO_TEST_CASE(two_hundred_thousand_mutations_are_survived) {
  Random random(7);
  for (std::uint64_t seed = 0; seed < 1000; ++seed) {
    const std::string input = bytes_of(random_input(seed));
    const std::string effect = bytes_of(random_effect(seed));
    const std::string letter = bytes_of(random_letter(seed));
    const std::string frame = bytes_of(random_frame(seed));
    const std::string request = bytes_of(random_client_request(seed));
    for (int round = 0; round < 50; ++round) {
      input_survives(mutated(input, random));
      effect_survives(mutated(effect, random));
      letter_survives(mutated(letter, random));
      frame_survives(mutated(frame, random));
      request_survives(mutated(request, random));
    }
  }
}

BOOST_AUTO_TEST_CASE(bytes_of_chance_are_survived) {
  Random random(8);
  for (int round = 0; round < 20'000; ++round) {
    std::string bytes(random.below(64), '\0');
    for (char& byte : bytes) byte = static_cast<char>(random.draw());
    input_survives(bytes);
    effect_survives(bytes);
    letter_survives(bytes);
    frame_survives(bytes);
    request_survives(bytes);
  }
}

BOOST_AUTO_TEST_CASE(a_length_beyond_the_end_is_refused_without_reserving_it) {
  for (const char* bytes : {"\x0A\x05"
                            "four",
                            "\x0A\xFF\xFF\xFF\xFF\x07", "\x0A\xFF\xFF\xFF\xFF\x0F"})
    BOOST_TEST(peak_memory_of([&] { BOOST_TEST(!decode<Key>(bytes)); }) < 4096U);
}

BOOST_AUTO_TEST_CASE(a_number_out_of_range_is_refused) {
  BOOST_TEST(bool(decode<Cause>(field(1, "\x08\xFF\xFF\x03"))));  // node 65535
  BOOST_TEST(!decode<Cause>(field(1, "\x08\x80\x80\x04")));       // node 65536
  BOOST_TEST(!decode<ResolveStep>("\x10\x02"));                   // no such resolution
  BOOST_TEST(!decode<SinkAck>("\x20\x02"));                       // a bool of 2
  BOOST_TEST(!decode<Drain>("\x10\x80\x80\x80\x80\x20"));         // 2^32, zigzag
  BOOST_TEST(!decode<Key>("\x10\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01"));  // eleven bytes
}

BOOST_AUTO_TEST_CASE(a_field_of_the_wrong_wire_type_is_refused) {
  BOOST_TEST(!decode<Key>("\x08\x01"));                               // a text as a number
  BOOST_TEST(!decode<Key>("\x12\x01\x01"));                           // a number as a text
  BOOST_TEST(!decode<Reply>("\x20\x01"));                             // a value as a number
  BOOST_TEST(!decode<Reply>(field(4, "\x2A\x04\x08\x02\x08\x01")));   // an element as a number
  BOOST_TEST(!decode<Reply>(field(4, "\x32\x05\x08\x03\x0A\x01k")));  // an entry as a number
}

BOOST_AUTO_TEST_CASE(an_alternative_that_is_missing_or_unknown_is_refused) {
  BOOST_TEST(!decode<Effect>(field(1, "")));
  BOOST_TEST(!decode<Effect>(field(1, field(99, ""))));
}

BOOST_AUTO_TEST_CASE(nesting_without_end_is_refused) {
  std::string value("\x08\x01");
  for (int level = 0; level < 2'000; ++level) value = field(5, field(1, value));
  BOOST_TEST(!decode_input(reply_input(value)));
  BOOST_TEST(!decode<Key>(repeated("\x1B", 100'000)));  // groups of no known field
}

BOOST_AUTO_TEST_CASE(small_elements_cannot_fill_the_memory) {
  const std::size_t count = 200'000;
  for (const std::string& bytes :
       {field(5, field(2, repeated(field(2, field(6, "")), count))),            // empty items
        field(5, field(2, field(2, field(7, repeated(field(2, ""), count))))),  // applied entries
        reply_input(field(5, repeated(field(1, ""), count))),                   // nulls in a list
        reply_input(field(6, repeated(field(1, ""), count))),       // one key again and again
        field(5, field(1, field(4, std::string(count, '\x01'))))})  // numbers
    input_survives(bytes);
}

BOOST_AUTO_TEST_CASE(a_refusal_names_what_was_expected) {
  BOOST_TEST(decode_input("\x01").reason() == "malformed Input");
  BOOST_TEST(decode_effect("\x01").reason() == "malformed Effect");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace queenright::messages
