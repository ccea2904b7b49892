#include "actors/edges/secret_mask.hpp"

#include <rapidcheck.h>

#include <boost/test/unit_test.hpp>

namespace queenright::edges {
namespace {
BOOST_AUTO_TEST_SUITE(secret_masks)

using messages::Value;

std::string whole(SecretMask mask, const std::vector<std::string>& pieces) {
  std::string told;
  for (const auto& piece : pieces) told += mask.next(piece);
  return told + mask.rest();
}

BOOST_AUTO_TEST_CASE(values_are_masked_wherever_a_stream_is_cut_into_pieces) {
  const SecretMask mask({"swordfish"});
  BOOST_TEST(whole(mask, {"a swordfish swims"}) == "a *** swims");
  BOOST_TEST(whole(mask, {"a sword", "fish", " swims"}) == "a *** swims");
  BOOST_TEST(whole(mask, {"swordfishswordfish"}) == "******");
  BOOST_TEST(whole(mask, {"sword", "play"}) == "swordplay");
  BOOST_TEST(whole(mask, {"sword"}) == "sword");
}

BOOST_AUTO_TEST_CASE(of_values_within_values_the_longest_is_masked) {
  const SecretMask mask({"abc", "abcdef", "xabcx"});
  BOOST_TEST(whole(mask, {"abc", "def"}) == "***");
  BOOST_TEST(whole(mask, {"abc", "deg"}) == "***deg");
  BOOST_TEST(whole(mask, {"xab", "cx"}) == "***");
  BOOST_TEST(whole(mask, {"xab", "cy"}) == "x***y");
}

BOOST_AUTO_TEST_CASE(of_values_that_overlap_nothing_is_left) {
  const SecretMask mask({"S3cr3t", "S3cr3t-Zed-Value", "Value-more"});
  BOOST_TEST(whole(mask, {"a S3cr3t-Zed-Value-more b"}) == "a *** b");
  BOOST_TEST(whole(mask, {"a S3cr3t-Zed-Val", "ue-mo", "re b"}) == "a *** b");
  BOOST_TEST(whole(mask, {"S3cr3t-Zed-Value-m", "isc"}) == "***-misc");
  BOOST_TEST(whole(SecretMask({"aba"}), {"abababa!"}) == "***!");
}

BOOST_AUTO_TEST_CASE(a_stream_tells_what_can_be_told_at_once) {
  SecretMask mask({"swordfish"});
  BOOST_TEST(mask.next("all is well\n") == "all is well\n");
  BOOST_TEST(mask.next("all is s") == "all is ");
}

BOOST_AUTO_TEST_CASE(texts_in_a_value_are_masked_its_keys_too) {
  const SecretMask mask({"a\"b"});
  const Value value = Value::Map{{"a\"b", Value::List{Value("say a\"b"), Value(std::int64_t{7})}}};
  BOOST_TEST(to_json(mask.masked(value)) == R"({"***":["say ***",7]})");
}

BOOST_AUTO_TEST_CASE(no_cut_of_a_stream_lets_a_value_through) {
  const auto holds = rc::check("no value is in what is told", [] {
    const auto letter = rc::gen::element('a', 'b');
    const auto value = rc::gen::nonEmpty(rc::gen::container<std::string>(letter));
    auto values = *rc::gen::nonEmpty(rc::gen::container<std::vector<std::string>>(value));
    const auto pieces = *rc::gen::container<std::vector<std::string>>(
        rc::gen::container<std::string>(rc::gen::element('a', 'b', 'c')));
    const auto told = whole(SecretMask(values), pieces);
    std::string all;
    for (const auto& piece : pieces) all += piece;
    RC_ASSERT(told == whole(SecretMask(values), {all}));
    for (const auto& one : values) RC_ASSERT(told.find(one) == std::string::npos);
  });
  BOOST_TEST(holds);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace queenright::edges
