#include "deploy/program/configuration/config_changes.hpp"

#include <boost/test/unit_test.hpp>
#include <functional>

namespace queenright::program {
namespace {
BOOST_AUTO_TEST_SUITE(config_changes)

NodeConfig queen() {
  NodeConfig config;
  config.members.hive = "north";
  config.members.nodes = {
      {{1}, "a", MemberKind::queen, Address{"10.0.0.1", 1}, Address{"10.0.0.1", 2}, "key a"},
      {{2}, "w", MemberKind::worker, {}, {}, "key w"}};
  config.members.clients = {{"ops", "key ops"}};
  config.node = "a";
  config.worker.emplace();
  return config;
}

/// The keys that changed: "key" when it may, "key!" when it may not.
std::string changes_by(const std::function<void(NodeConfig&)>& edit) {
  NodeConfig wanted = queen();
  edit(wanted);
  std::string keys;
  for (const auto& change : changes_between(queen(), wanted))
    keys += (keys.empty() ? "" : " ") + change.key + (change.hinders.empty() ? "" : "!");
  return keys;
}

BOOST_AUTO_TEST_CASE(the_same_configuration_is_no_change) {
  BOOST_TEST(changes_by([](NodeConfig&) {}) == "");
}

BOOST_AUTO_TEST_CASE(limits_and_the_log_may_change_while_a_node_runs_and_what_it_offers_may_not) {
  BOOST_TEST(changes_by([](NodeConfig& config) {
               config.log = LogLevel::debug;
               config.journal = {1, 2};
             }) == "journal.keep_bytes journal.keep_days log");
  BOOST_TEST(changes_by([](NodeConfig& config) {
               config.worker->slots = 3;
               config.worker->labels["zone"] = "b";
             }) == "worker.slots! worker.labels!");
}

BOOST_AUTO_TEST_CASE(workers_and_clients_may_join_but_not_leave_or_change) {
  BOOST_TEST(changes_by([](NodeConfig& config) {
               config.members.nodes.push_back({{3}, "v", MemberKind::worker, {}, {}, "key v"});
               config.members.clients.push_back({"audit", "key audit"});
             }) == "members.nodes.v members.clients.audit");
  BOOST_TEST(changes_by([](NodeConfig& config) { config.members.nodes.pop_back(); }) ==
             "members.nodes.w!");
  BOOST_TEST(changes_by([](NodeConfig& config) { config.members.nodes[1].key = "key x"; }) ==
             "members.nodes.w!");
  BOOST_TEST(changes_by([](NodeConfig& config) { config.members.clients.clear(); }) ==
             "members.clients.ops!");
  BOOST_TEST(changes_by([](NodeConfig& config) { config.members.clients[0].key = "key x"; }) ==
             "members.clients.ops!");
}

BOOST_AUTO_TEST_CASE(queens_neither_join_nor_leave_nor_move) {
  BOOST_TEST(changes_by([](NodeConfig& config) {
               config.members.nodes.push_back({{3}, "b", MemberKind::queen, {}, {}, "key b"});
             }) == "members.nodes.b!");
  BOOST_TEST(changes_by([](NodeConfig& config) { config.members.nodes[0].address->port = 9; }) ==
             "members.nodes.a!");
  BOOST_TEST(changes_by([](NodeConfig& config) {
               config.members.nodes[1].kind = MemberKind::queen;
             }) == "members.nodes.w!");
}

BOOST_AUTO_TEST_CASE(what_a_node_is_does_not_change_while_it_runs) {
  BOOST_TEST(changes_by([](NodeConfig& config) {
               config.members.hive = "south";
               config.members.id = "other";
               config.members.timing.hello *= 2;
               config.node = "w";
               config.secret_key = "other";
               config.data = "/other";
               config.listen = Address{"*", 1};
               config.listen_clients = Address{"*", 2};
               config.worker->capabilities.clear();
               config.worker->trust = 1;
               config.worker->region = "eu";
             }) ==
             "members.hive! members.id! members.timing! node! key! data! listen! "
             "listen_clients! worker.capabilities! worker.trust! worker.region!");
  BOOST_TEST(changes_by([](NodeConfig& config) { config.worker.reset(); }) == "worker!");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace queenright::program
