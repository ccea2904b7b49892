#include "election/rule_names.hpp"

#include <boost/test/unit_test.hpp>
#include <set>

namespace queenright::election {
namespace {

BOOST_AUTO_TEST_CASE(a_rule_is_found_by_its_name_and_by_no_other) {
  std::set<std::string_view> names;
  for (const auto& rule : rule_names()) {
    BOOST_TEST(names.insert(rule.name).second, rule.name);
    BOOST_TEST((rule_of(rule.name) == rule.rule));
    BOOST_TEST((!rule.what.empty() && !rule.number.empty()));
    BOOST_TEST(rule.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz-") ==
               std::string_view::npos);
  }
  BOOST_TEST(!rule_of("leasers"));
}

}  // namespace
}  // namespace queenright::election
