#include <boost/test/unit_test.hpp>

#include "toy_node.hpp"

namespace queenright::host::test {
namespace {
BOOST_AUTO_TEST_SUITE(supervision)

using messages::RoleId;
using persistence::MemoryDisk;
using roles::Strategy;
using toys::circuit;

/// A node of which every role has booted, and has a total of its own.
struct Supervised {
  explicit Supervised(Strategy strategy = Strategy::one_for_one) : node(disk, strategy) {
    node.start();
    std::int32_t total = 0;
    for (const RoleId role : {queen, worker, hive}) {
      node.say(role, "add", ++total);
      BOOST_REQUIRE(node.hears(role, "total " + std::to_string(total) + ", boots 1"));
    }
  }

  bool comes_back(RoleId role, int boots) {
    return node.ears().wait_for(name_of(role) + ": booted " + std::to_string(boots));
  }

  std::shared_ptr<MemoryDisk> disk = std::make_shared<MemoryDisk>();
  ToyNode node;
};

struct OneForAll : Supervised {
  OneForAll() : Supervised(Strategy::one_for_all) {}
};
struct RestForOne : Supervised {
  RestForOne() : Supervised(Strategy::rest_for_one) {}
};

BOOST_FIXTURE_TEST_CASE(a_role_that_breaks_comes_back_as_it_was_before_the_failed_input,
                        Supervised) {
  node.say(queen, "break");
  BOOST_REQUIRE(comes_back(queen, 2));
  BOOST_TEST(node.hears(queen, "total 1, boots 2"));
  BOOST_TEST(node.hears(worker, "total 2, boots 1"));
  BOOST_TEST(node.hears(hive, "total 3, boots 1"));
  const auto words = node.ears().words();
  BOOST_TEST(std::count(words.begin(), words.end(), "queen: half-made") == 0);
  node.stop();
  BOOST_TEST(node.difference() == "");
}

BOOST_FIXTURE_TEST_CASE(the_hive_circuit_is_restarted_and_never_made_anew, Supervised) {
  for (int boots = 2; boots <= 4; ++boots) {
    node.say(hive, "break");
    BOOST_REQUIRE(comes_back(hive, boots));
    node.say(queen, "pass", 0);
  }
  node.stop();
  BOOST_TEST(node.difference() == "");  // a second one would have counted from 1 again
}

BOOST_FIXTURE_TEST_CASE(what_is_said_while_a_role_is_away_makes_no_other_one, Supervised) {
  node.say(hive, "break");
  const auto back = [&](const std::vector<toys::Ears::Heard>& heard) {
    return std::any_of(heard.begin(), heard.end(), [](const toys::Ears::Heard& one) {
      return toys::what_was_told(one.effect) == "circuit/0: booted 2";
    });
  };
  do node.say(hive, "add", 0);
  while (!back(node.ears().heard()) && !node.ending());
  BOOST_TEST(node.hears(hive, "total 3, boots 2"));
  node.stop();
  BOOST_TEST(node.difference() == "");
}

BOOST_FIXTURE_TEST_CASE(a_role_that_keeps_breaking_ends_the_node, Supervised) {
  for (int boots = 2; boots <= 6; ++boots) {
    node.say(queen, "break");
    BOOST_REQUIRE(comes_back(queen, boots));
    BOOST_REQUIRE(!node.ending());
  }
  node.say(queen, "break");
  BOOST_REQUIRE(node.wait_for("(its end)"));
  BOOST_REQUIRE(node.ending());
  BOOST_TEST(node.ending()->exit_code == 6);
  BOOST_TEST(node.ending()->reason.find("queen failed 6 times") != std::string::npos);
  BOOST_TEST(node.ending()->reason.find("a toy holds") != std::string::npos);
  node.stop();
  BOOST_TEST(node.difference() == "");
}

BOOST_FIXTURE_TEST_CASE(a_circuit_that_breaks_is_quarantined_alone, Supervised) {
  node.say(circuit(7), "add", 5);
  node.say(circuit(7), "break");
  BOOST_REQUIRE(node.ears().wait_for("quarantined: a toy holds"));
  node.say(circuit(7), "tell");
  BOOST_TEST(node.ears().wait_for("quarantined: a toy holds", 2));
  BOOST_TEST(node.hears(circuit(8), "total 0, boots 0"));
  BOOST_TEST(node.hears(queen, "total 1, boots 1"));

  auto crashed = std::make_shared<MemoryDisk>(node.disk_now());
  ToyNode again(crashed);
  again.start();
  BOOST_TEST(again.ears().wait_for("quarantined: a toy holds"));  // to Booted
  BOOST_TEST(again.hears(circuit(8), "total 0, boots 1"));
  node.stop();
  BOOST_TEST(node.difference() == "");
}

BOOST_FIXTURE_TEST_CASE(one_for_all_brings_everybody_back, OneForAll) {
  node.say(circuit(7), "add", 7);
  node.say(worker, "break");
  for (const RoleId role : {queen, worker, hive}) BOOST_REQUIRE(comes_back(role, 2));
  BOOST_TEST(node.hears(queen, "total 1, boots 2"));
  BOOST_TEST(node.hears(worker, "total 2, boots 2"));
  BOOST_TEST(node.hears(hive, "total 3, boots 2"));
  BOOST_TEST(node.hears(circuit(7), "total 7, boots 0"));  // is no child of the supervisor
  node.stop();
  BOOST_TEST(node.difference() == "");
}

BOOST_FIXTURE_TEST_CASE(rest_for_one_brings_back_who_started_later, RestForOne) {
  node.say(worker, "break");
  for (const RoleId role : {worker, hive}) BOOST_REQUIRE(comes_back(role, 2));
  BOOST_TEST(node.hears(queen, "total 1, boots 1"));
  BOOST_TEST(node.hears(worker, "total 2, boots 2"));
  BOOST_TEST(node.hears(hive, "total 3, boots 2"));
  node.stop();
  BOOST_TEST(node.difference() == "");
}

BOOST_FIXTURE_TEST_CASE(roles_that_break_together_come_back_once_each_at_a_time, OneForAll) {
  for (const RoleId role : {queen, worker, hive}) node.say(role, "break");
  for (const RoleId role : {queen, worker, hive}) BOOST_REQUIRE(comes_back(role, 2));
  node.stop();
  BOOST_TEST(!node.ending());
  BOOST_TEST(node.difference() == "");  // two at once would have counted twice
}

BOOST_FIXTURE_TEST_CASE(a_node_stops_while_its_roles_are_away, OneForAll) {
  for (const RoleId role : {queen, worker, hive}) node.say(role, "break");
  node.stop();
  BOOST_TEST(node.difference() == "");
  ToyNode again(disk, Strategy::one_for_all);
  again.start();
  BOOST_TEST(again.ears().wait_for_count(3));
  again.stop();
  BOOST_TEST(again.difference() == "");
}

BOOST_AUTO_TEST_CASE(nobody_supervises_the_supervisor_so_its_fall_ends_the_node) {
  ToyNode node(std::make_shared<MemoryDisk>(), std::nullopt);
  node.start();
  node.say(messages::supervisor_role(), "break");
  BOOST_REQUIRE(node.wait_for("(its end)"));
  BOOST_REQUIRE(node.ending());
  BOOST_TEST(node.ending()->exit_code == 6);
  BOOST_TEST(node.ending()->reason.starts_with("the supervisor itself failed: "));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace queenright::host::test
