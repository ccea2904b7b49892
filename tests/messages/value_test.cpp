#include "messages/value.hpp"

#include <boost/test/unit_test.hpp>
#include <limits>

namespace queenright::messages {

BOOST_AUTO_TEST_SUITE(values)

BOOST_AUTO_TEST_CASE(a_value_prints_as_compact_json_with_its_keys_in_order) {
  const Value value(Value::Map{{"b", Value::List{1, "two", true, Value()}},
                               {"a", Value::Map{}},
                               {"c", std::numeric_limits<std::int64_t>::min()}});
  BOOST_TEST(to_json(value) == R"({"a":{},"b":[1,"two",true,null],"c":-9223372036854775808})");
}

BOOST_AUTO_TEST_CASE(control_characters_quotes_and_backslashes_are_escaped) {
  BOOST_TEST(to_json(Value("\"\\\n\r\t\x01\x7F")) == R"("\"\\\n\r\t\u0001\u007f")");
  BOOST_TEST(to_json(Value(std::string(1, '\0'))) == R"("\u0000")");
}

BOOST_AUTO_TEST_CASE(valid_utf8_stays_as_it_is) {
  const std::string text = "\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x90\x9D \xED\x9F\xBF \xF4\x8F\xBF\xBF";
  BOOST_TEST(to_json(Value(text)) == '"' + text + '"');
}

BOOST_AUTO_TEST_CASE(each_byte_that_is_not_utf8_becomes_a_replacement_character) {
  const std::string mark = "\xEF\xBF\xBD";
  const auto printed = [](const char* text) { return to_json(Value(text)); };
  BOOST_TEST(printed("\xFF") == '"' + mark + '"');
  BOOST_TEST(printed("a\x80z") == "\"a" + mark + "z\"");                  // a lone continuation
  BOOST_TEST(printed("\xC0\x80") == '"' + mark + mark + '"');             // overlong
  BOOST_TEST(printed("\xE0\x80\x80") == '"' + mark + mark + mark + '"');  // overlong
  BOOST_TEST(printed("\xED\xA0\x80") == '"' + mark + mark + mark + '"');  // a surrogate
  BOOST_TEST(printed("\xF4\x90\x80\x80").size() == 2 + 4 * mark.size());  // past U+10FFFF
  BOOST_TEST(printed("\xF0\x8F\xBF\xBF").size() == 2 + 4 * mark.size());  // overlong
  BOOST_TEST(printed("\xE2\x82") == '"' + mark + mark + '"');             // cut short
  BOOST_TEST(printed("\xE2\x82z") == '"' + mark + mark + "z\"");          // interrupted
}

BOOST_AUTO_TEST_CASE(every_kind_says_its_name) {
  BOOST_TEST(Value().kind_name() == "null");
  BOOST_TEST(Value(true).kind_name() == "bool");
  BOOST_TEST(Value(1).kind_name() == "int");
  BOOST_TEST(Value("x").kind_name() == "string");
  BOOST_TEST(Value(Value::List{}).kind_name() == "list");
  BOOST_TEST(Value(Value::Map{}).kind_name() == "map");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace queenright::messages
