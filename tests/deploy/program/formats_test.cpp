#include "deploy/program/formats.hpp"

#include <yaml-cpp/yaml.h>

#include <boost/test/unit_test.hpp>

namespace queenright::program {
namespace {
BOOST_AUTO_TEST_SUITE(formats)

using messages::Value;

BOOST_AUTO_TEST_CASE(null_is_null_in_yaml_and_a_text_that_looks_like_it_is_a_text) {
  const auto read = YAML::Load(
      formatted(Value::Map{{"nothing", Value()}, {"text", "null"}, {"tilde", "~"}}, Format::yaml));
  BOOST_TEST(read["nothing"].IsNull());
  BOOST_TEST(read["text"].IsScalar());
  BOOST_TEST(read["text"].Tag() == "!");  // in quotes: a text for every reader
  BOOST_TEST(read["tilde"].Tag() == "!");
}

BOOST_AUTO_TEST_CASE(numbers_and_truths_are_plain_in_yaml_and_texts_like_them_are_quoted) {
  const auto text = formatted(Value::List{7, true, "7", "true", "1e3", "word"}, Format::yaml);
  BOOST_TEST(text == "- 7\n- true\n- \"7\"\n- \"true\"\n- \"1e3\"\n- word\n");
}

BOOST_AUTO_TEST_CASE(each_name_is_one_line) {
  const Value things = Value::List{Value::Map{{"path", "a\nb\x1b[31m"}}};
  BOOST_TEST(formatted(things, Format::name) == "a?b?[31m\n");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace queenright::program
