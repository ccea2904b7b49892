#include "deploy/program/run/standing.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/deploy/program/texts.hpp"

namespace queenright::program {
namespace {
BOOST_AUTO_TEST_SUITE(standing)

using messages::Value;

BOOST_AUTO_TEST_CASE(what_a_step_says_of_itself_is_folded_and_does_not_steer_the_terminal) {
  const std::string run = "plan-1";
  const Value step = Value::Map{
      {"id", "ask"}, {"status", "waiting"}, {"reason", "\x1b[31mred\n" + std::string(200, 'x')}};
  const auto text = standing_text(standing_of(
      Value::Map{{"run", run}, {"status", "awaiting_operator"}, {"steps", Value::List{step}}}));
  BOOST_TEST(text.starts_with("plan-1 awaiting_operator\n  steps: 1 waiting\n"));
  BOOST_TEST(test::has(text, "  ask waiting:\n  ?[31mred?x"));
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) BOOST_TEST(line.size() <= 100U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace queenright::program
