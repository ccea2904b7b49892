#include "deploy/program/columns.hpp"

#include <boost/test/unit_test.hpp>
#include <sstream>

namespace queenright::program {
namespace {
BOOST_AUTO_TEST_SUITE(columns)

std::size_t width_of(const std::string& text) {
  std::size_t width = 0;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) width = std::max(width, line.size());
  return width;
}

BOOST_AUTO_TEST_CASE(what_others_wrote_does_not_steer_a_terminal) {
  BOOST_TEST(printable("\x1b[31mred\r\n\tb\x7f") == "?[31mred?? b?");
  BOOST_TEST(printable("a\xc2\x9b"
                       "31mb") == "a?31mb");
  BOOST_TEST(printable("\xc3\xa9t\xc3\xa9") == "\xc3\xa9t\xc3\xa9");
}

BOOST_AUTO_TEST_CASE(a_short_room_takes_no_more_than_dots) {
  BOOST_TEST(shortened("a-name", 6) == "a-name");
  BOOST_TEST(shortened("a-long-name", 6) == "a-l...");
  BOOST_TEST(shortened("a-long-name", 1) == "...");
}

BOOST_AUTO_TEST_CASE(lines_are_no_wider_than_what_people_read) {
  const std::string words = "one two three ";
  const auto text = folded(words + words + words + words + words + words + words + words, "  ");
  BOOST_TEST(width_of(text) <= widest);
  BOOST_TEST(text.find(" \n") == std::string::npos);
  BOOST_TEST(width_of(folded(std::string(250, 'x'), "  ")) == widest);
}

BOOST_AUTO_TEST_CASE(a_name_is_not_broken_however_long_it_is) {
  const std::string name(120, 'n');
  BOOST_TEST(folded("queenright: " + name + " (key x)", "", name.size()) ==
             "queenright:\n" + name + "\n(key x)\n");
}

BOOST_AUTO_TEST_CASE(a_long_cell_moves_no_column) {
  BOOST_TEST("  " + cell("id", 2, 4) + "status" == "  id  status");
  BOOST_TEST("  " + cell("a-long-id", 2, 4) + "status" == "  a-long-id\n      status");
}

BOOST_AUTO_TEST_CASE(a_last_cell_goes_on_below_its_beginning) {
  BOOST_TEST(last_cell("short", 90) == "short\n");
  BOOST_TEST(last_cell("one word, another", 90) ==
             "one word,\n" + std::string(90, ' ') + "another\n");
  BOOST_TEST(last_cell("", 90) == "\n");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace queenright::program
