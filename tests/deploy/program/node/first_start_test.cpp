#include "deploy/program/node/first_start.hpp"

#include <boost/test/unit_test.hpp>

#include "deploy/program/failure.hpp"
#include "tests/deploy/program/texts.hpp"

namespace queenright::program {
namespace {

using messages::NodeId;
using test::has;
using Names = std::vector<std::string>;

/// Queens a to e and a worker w; this node is one of them.
NodeConfig config_of(const std::string& node) {
  NodeConfig config;
  std::uint16_t id = 0;
  for (const auto* name : {"a", "b", "c", "d", "e"})
    config.members.nodes.push_back({{++id}, name, MemberKind::queen, {}, {}, {}});
  config.members.nodes.push_back({{++id}, "w", MemberKind::worker, {}, {}, {}});
  config.node = node;
  config.data = "/d";
  return config;
}

template <class Check>
std::string refusal(Check check) {
  try {
    check();
  } catch (const Failure& failure) {
    BOOST_CHECK(failure.exit_code() == ExitCode::usage);
    return failure.what();
  }
  return "";
}

/// Why the survivors can't be so, said to this node.
std::string refused(const Names& survivors, const std::string& node = "c", bool founding = false) {
  return refusal([&] { survivors_of({founding, survivors}, config_of(node)); });
}

/// Why they can't, with what was found in its directory.
std::string refused_journal(const FirstStart& start, const std::string& node, bool is_new) {
  return refusal([&] { check_first_start(start, config_of(node), is_new); });
}

BOOST_AUTO_TEST_SUITE(first_start)

BOOST_AUTO_TEST_CASE(survivors_are_queens_by_name_each_once) {
  const auto ids = survivors_of({false, {"b", "a", "b"}}, config_of("c"));
  BOOST_CHECK((ids == std::vector<NodeId>{{1}, {2}}));
  BOOST_CHECK(survivors_of({}, config_of("w")).empty());
  BOOST_TEST(has(refused({"x"}), "--survivors x: there is no queen of that name"));
  BOOST_TEST(has(refused({"w"}), "--survivors w: there is no queen of that name"));
}

BOOST_AUTO_TEST_CASE(a_majority_that_survives_is_no_loss) {
  BOOST_TEST(refused({"a", "b"}) == "");
  BOOST_TEST(has(refused({"a", "b", "d"}), "3 of 5 queens: they are a majority"));
}

BOOST_AUTO_TEST_CASE(a_worker_and_a_new_hive_have_no_survivors) {
  BOOST_TEST(has(refused({"a"}, "w"), "--survivors is for queens"));
  BOOST_TEST(has(refused({"a"}, "c", true), "--found is for a hive that has never run"));
}

BOOST_AUTO_TEST_CASE(who_survives_has_a_journal_and_who_does_not_has_none) {
  const FirstStart start{false, {"a"}};
  BOOST_TEST(refused_journal(start, "a", false) == "");
  BOOST_TEST(has(refused_journal(start, "a", true), "/d has no journal, and --survivors says"));
  BOOST_TEST(refused_journal(start, "c", true) == "");
  BOOST_TEST(has(refused_journal(start, "c", false), "--survivors does not name c"));
}

BOOST_AUTO_TEST_CASE(a_hive_is_founded_by_nodes_without_journals) {
  BOOST_TEST(refused_journal({true, {}}, "a", true) == "");
  BOOST_TEST(has(refused_journal({true, {}}, "a", false), "a hive is founded once"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace queenright::program
