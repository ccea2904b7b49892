#include "messages/digest.hpp"

#include <boost/test/unit_test.hpp>

#include "messages/input.hpp"

namespace queenright::messages {

BOOST_AUTO_TEST_SUITE(digests)

// Recordings hold digests: these may never change.
BOOST_AUTO_TEST_CASE(digests_are_the_same_for_ever) {
  BOOST_TEST(digest_of(std::string_view("")).value == 0U);
  BOOST_TEST(digest_of(std::string_view(""), 1).value == 14313749767032693980U);
  BOOST_TEST(digest_of(std::string_view("a")).value == 510903276987443985U);
  BOOST_TEST(digest_of(std::string_view("12345678")).value == 8471103573108904450U);
  BOOST_TEST(digest_of(std::string_view("queenright"), 42).value == 12435136872214882434U);
}

BOOST_AUTO_TEST_CASE(every_flipped_bit_changes_the_digest) {
  const std::string bytes = "the whole colony, with a tail of five";
  const auto digest = digest_of(std::string_view(bytes));
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    auto flipped = bytes;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1U << (bit % 8)));
    BOOST_TEST((digest_of(std::string_view(flipped)) != digest));
  }
}

BOOST_AUTO_TEST_CASE(zeros_at_the_end_count) {
  BOOST_TEST((digest_of(std::string_view("a\0", 1)) != digest_of(std::string_view("a\0", 2))));
}

BOOST_AUTO_TEST_CASE(the_digest_of_a_value_is_that_of_its_canonical_bytes) {
  const Drain drain{"enough", 3};
  BOOST_TEST((digest_of(drain) == digest_of(std::string_view(encode(drain)))));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace queenright::messages
