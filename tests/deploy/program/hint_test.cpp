#include "deploy/program/hint.hpp"

#include <boost/test/unit_test.hpp>

namespace queenright::program {
namespace {
BOOST_AUTO_TEST_SUITE(hint)

BOOST_AUTO_TEST_CASE(a_command_to_type_names_the_hive_that_it_is_about) {
  BOOST_TEST(command_line("runs list", "/srv/hive") == "queenright runs list --data /srv/hive");
  BOOST_TEST(command_line("runs list", default_data()) == "queenright runs list");
}

BOOST_AUTO_TEST_CASE(a_directory_is_one_word_for_a_shell) {
  BOOST_TEST(command_line("runs list", "two words") == "queenright runs list --data 'two words'");
  BOOST_TEST(command_line("runs list", "it's") == "queenright runs list --data 'it'\\''s'");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace queenright::program
