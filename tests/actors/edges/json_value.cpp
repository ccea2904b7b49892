#include "actors/edges/json_value.hpp"

#include <boost/test/unit_test.hpp>

#include "messages/input.hpp"
#include "messages/reader.hpp"
#include "messages/writer.hpp"

using namespace queenright;
using edges::decode_json;
using messages::Value;

namespace {
BOOST_AUTO_TEST_SUITE(foreign_json)

std::string nested(std::size_t depth, const std::string& open, const std::string& close) {
  std::string text;
  for (std::size_t i = 0; i < depth; ++i) text += open;
  text += "1";
  for (std::size_t i = 0; i < depth; ++i) text += close;
  return text;
}

std::string refusal(const std::string& text, const messages::ValueLimits& limits = {}) {
  const auto value = decode_json(text, limits);
  BOOST_REQUIRE(!value);
  return value.reason();
}

BOOST_AUTO_TEST_CASE(each_kind_of_value_is_decoded) {
  const auto value = decode_json(R"( {"n":null,"t":true,"i":-7,"s":"\u00fc\n","l":[[],{}]} )");
  const Value expected(Value::Map{{"n", Value()},
                                  {"t", true},
                                  {"i", -7},
                                  {"s", "\xC3\xBC\n"},
                                  {"l", Value::List{Value::List{}, Value::Map{}}}});
  BOOST_TEST((value.value() == expected));
  BOOST_TEST((decode_json("3").value() == Value(3)));
}

BOOST_AUTO_TEST_CASE(numbers_that_are_no_64_bit_integers_stay_as_written) {
  const auto value = decode_json(
      "[1.10, 1e3, -0.0, 9223372036854775807, 9223372036854775808, 18446744073709551616, "
      "-9223372036854775808, -9223372036854775809]");
  const Value expected(Value::List{
      "1.10", "1e3", "-0.0", std::int64_t{9223372036854775807}, "9223372036854775808",
      "18446744073709551616", std::numeric_limits<std::int64_t>::min(), "-9223372036854775809"});
  BOOST_TEST((value.value() == expected));
}

BOOST_AUTO_TEST_CASE(what_is_not_json_is_refused_with_its_place) {
  BOOST_TEST(refusal("") == "it is empty");
  BOOST_TEST(refusal("[1,\n x]").starts_with("parse error at line 2, column 2"));
  for (const char* text : {"{", "[1,]", "{\"a\" 1}", "'a'", "nul", "01", "1 2", "\"\x01\"",
                           "// c\n1", "NaN", "\"\xFF\"", "\"\\ud800\"", "[1e999]"})
    BOOST_TEST(refusal(text) != "");
}

BOOST_AUTO_TEST_CASE(a_key_that_comes_twice_is_refused) {
  BOOST_TEST(refusal(R"({"a": 1, "b": 2, "a": 3})") == "the key 'a' comes twice");
}

BOOST_AUTO_TEST_CASE(depth_is_bounded) {
  BOOST_TEST(static_cast<bool>(decode_json(nested(32, "[", "]"))));
  BOOST_TEST(refusal(nested(33, "[", "]")) == "deeper than 32 levels");
  BOOST_TEST(refusal(std::string(1'000'000, '[')) == "deeper than 32 levels");
  BOOST_TEST(refusal(nested(33, "{\"a\":", "}")) == "deeper than 32 levels");
}

BOOST_AUTO_TEST_CASE(elements_and_bytes_are_bounded) {
  BOOST_TEST(static_cast<bool>(decode_json("[1,2]", {.elements = 3})));
  BOOST_TEST(refusal("[1,2,3]", {.elements = 3}) == "more than 3 elements");
  BOOST_TEST(refusal("[1,2,3]", {.bytes = 6}) == "longer than 6 bytes");
}

BOOST_AUTO_TEST_CASE(the_deepest_allowed_value_travels_in_an_exit) {
  messages::ChildExited exited;
  exited.outcome.output = decode_json(nested(32, "{\"a\":", "}")).value();
  const auto again = messages::decode<messages::ChildExited>(messages::encode(exited));
  BOOST_TEST((again.value().outcome.output == exited.outcome.output));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
