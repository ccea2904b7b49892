#include "deploy/program/configuration/node_config.hpp"

#include <boost/test/unit_test.hpp>
#include <cstdlib>

#include "deploy/program/configuration/descriptions.hpp"
#include "deploy/program/keys/make_hive.hpp"
#include "tests/deploy/program/texts.hpp"
#include "tests/private_directory.hpp"

namespace queenright::program {
namespace {
BOOST_AUTO_TEST_SUITE(node_config)

using test::joined;
using test::replaced;

const std::string whole =
    "members: hive.yaml\n"
    "node: a\n"
    "key: a.key\n"
    "data: data/a\n"
    "listen: tcp://0.0.0.0:7401\n"
    "listen_clients: tcp://*:7402\n"
    "worker: {slots: 8, capabilities: [exec, gpu], labels: {zone: a}, trust: 1, region: eu}\n"
    "journal: {keep_bytes: 2gb, keep_days: 7}\n"
    "log: debug\n";

/// A hive of queens a and b, who is reached by a name, and a worker w.
class HiveOnDisk {
 public:
  HiveOnDisk() {
    HiveSpec spec{"north",
                  {queen("a", "10.0.0.1"),
                   queen("b", "b.example.org"),
                   {"w", MemberKind::worker, {}, {}, "/data/w"}},
                  {"ops"},
                  messages::usual_timing};
    const auto made = make_hive(spec);
    BOOST_REQUIRE(made);
    BOOST_REQUIRE(!write_hive(made.value(), folder()));
  }

  std::filesystem::path folder() const { return directory_.path() / "north"; }

  Reading<NodeConfig> read(const std::string& text, const Environment& environment = {}) const {
    test::write(folder() / "node.yaml", text);
    return read_node_file(folder() / "node.yaml", environment);
  }

  /// The errors, without the folder in front.
  std::string errors_of(const std::string& text, const Environment& environment = {}) const {
    return test::without_folder(joined(read(text, environment).errors), folder());
  }

 private:
  static NodeSpec queen(const std::string& name, const std::string& host) {
    return {name, MemberKind::queen, Address{host, 7401}, Address{host, 7402}, "/data/" + name};
  }

  PrivateDirectory directory_;
};

BOOST_AUTO_TEST_CASE(a_node_is_read_with_all_its_keys) {
  const HiveOnDisk hive;
  const auto reading = hive.read(whole);
  BOOST_REQUIRE(joined(reading.errors) == "");
  const NodeConfig& config = reading.value;
  BOOST_TEST((config.self().name == "a" && config.self().id.value == 1));
  BOOST_TEST(config.data == hive.folder() / "data/a");
  BOOST_TEST(config.secret_key + "\n" == test::bytes_of(hive.folder() / "a.key"));
  BOOST_TEST(text_of(*config.listen) == "tcp://0.0.0.0:7401");
  BOOST_TEST(text_of(*config.listen_clients) == "tcp://*:7402");
  BOOST_TEST((config.worker == WorkerConfig{8, {"exec", "gpu"}, {{"zone", "a"}}, 1, "eu"}));
  BOOST_TEST((config.journal == JournalConfig{std::uint64_t{2} << 30U, 7}));
  BOOST_TEST((config.log == LogLevel::debug));
  BOOST_TEST(text_of(config) ==
             "queen a (1) of hive north: 2 queens, 1 worker; listens on "
             "tcp://0.0.0.0:7401, for clients on tcp://*:7402; works in 8 slots; "
             "data in " +
                 (hive.folder() / "data/a").string() + "\n");
}

BOOST_AUTO_TEST_CASE(a_queen_listens_at_her_address_and_works_only_when_told) {
  const HiveOnDisk hive;
  const auto reading = hive.read("members: hive.yaml\nnode: a\nkey: a.key\ndata: /d\n");
  BOOST_REQUIRE(joined(reading.errors) == "");
  BOOST_TEST(text_of(*reading.value.listen) == "tcp://10.0.0.1:7401");
  BOOST_TEST(text_of(*reading.value.listen_clients) == "tcp://10.0.0.1:7402");
  BOOST_TEST(!reading.value.worker);
  BOOST_TEST((reading.value.data == "/d" && reading.value.log == LogLevel::info));
}

BOOST_AUTO_TEST_CASE(a_worker_works_and_does_not_listen) {
  const HiveOnDisk hive;
  const std::string text = "members: hive.yaml\nnode: w\nkey: w.key\ndata: /d\n";
  const auto reading = hive.read(text);
  BOOST_REQUIRE(joined(reading.errors) == "");
  BOOST_TEST((reading.value.worker == WorkerConfig{}));
  BOOST_TEST((!reading.value.listen && !reading.value.listen_clients));
  BOOST_TEST(hive.errors_of(text + "listen: tcp://*:1\n") ==
             "node.yaml:5:9: 'listen' is for queens, and 'w' is a worker\n");
}

BOOST_AUTO_TEST_CASE(who_is_reached_by_a_name_says_where_she_listens) {
  const HiveOnDisk hive;
  const std::string text = "members: hive.yaml\nnode: b\nkey: b.key\ndata: /d\n";
  const auto errors = hive.errors_of(text);
  BOOST_TEST(errors.find("the key 'listen' is missing") != std::string::npos, errors);
  BOOST_TEST(errors.find("the key 'listen_clients' is missing") != std::string::npos, errors);
  BOOST_TEST(hive.errors_of(text + "listen: tcp://*:7401\nlisten_clients: tcp://*:7402\n") == "");
  BOOST_TEST(hive.errors_of(text + "listen: tcp://*:7401\nlisten_clients: tcp://*:7401\n") ==
             "node.yaml:6:17: listen and listen_clients are the same address\n");
  BOOST_TEST(joined(read_node_file(hive.folder() / "b.yaml", {}).errors) == "");  // as made
}

BOOST_AUTO_TEST_CASE(the_secret_key_is_that_of_the_node) {
  const HiveOnDisk hive;
  const auto of_b = hive.errors_of(replaced(whole, "key: a.key", "key: b.key"));
  BOOST_TEST(of_b.starts_with("node.yaml:3:6: b.key holds the secret key of 'b', not that of 'a'"),
             of_b);
  const auto missing = hive.errors_of(replaced(whole, "key: a.key", "key: c.key"));
  BOOST_TEST(missing == "node.yaml:3:6: c.key: can't be opened: No such file or directory\n");
  test::write(hive.folder() / "a.key", "no key\n");
  BOOST_TEST(hive.errors_of(whole).starts_with("node.yaml:3:6: a.key: this is no secret key"));
}

BOOST_AUTO_TEST_CASE(a_secret_key_that_others_can_read_is_refused_with_what_to_do) {
  namespace fs = std::filesystem;
  const HiveOnDisk hive;
  for (const auto others :
       {fs::perms::group_read, fs::perms::others_read, fs::perms::others_write}) {
    fs::permissions(hive.folder() / "a.key", fs::perms::owner_read | others);
    const auto errors = hive.errors_of(whole);
    BOOST_TEST(errors.starts_with("node.yaml:3:6: a.key: it holds a secret, and its mode is 4"),
               errors);
    BOOST_TEST(errors.find("'chmod 600 a.key'") != std::string::npos, errors);
  }
  fs::permissions(hive.folder() / "a.key", fs::perms::owner_read);
  BOOST_TEST(hive.errors_of(whole) == "");
}

BOOST_AUTO_TEST_CASE(all_errors_of_all_files_and_variables_are_told_at_once) {
  const HiveOnDisk hive;
  auto members = test::bytes_of(hive.folder() / "hive.yaml");
  test::write(hive.folder() / "hive.yaml", replaced(members, "kind: worker", "kind: drone"));
  const auto errors =
      hive.errors_of(replaced(replaced(whole, "slots: 8", "slots: 0"), "log: debug", "log: loud"),
                     {{"QUEENRIGHT_NODE_DAT", "x"}, {"QUEENRIGHT_NODE_WORKER_TRUST", "much"}});
  BOOST_TEST(errors ==
             "node.yaml:7:17: slots is a number from 1 to 1024, not '0'\n"
             "node.yaml:9:6: log is error, warning, info or debug, not 'loud'\n"
             "hive.yaml:8:30: the kind of a node is queen or worker, not 'drone'\n"
             "QUEENRIGHT_NODE_DAT: unknown variable; did you mean 'QUEENRIGHT_NODE_DATA'?\n"
             "QUEENRIGHT_NODE_WORKER_TRUST: trust is a number from 0 to 100, not 'much'\n");
}

BOOST_AUTO_TEST_CASE(unknown_keys_nodes_and_missing_keys_are_errors) {
  const HiveOnDisk hive;
  BOOST_TEST(hive.errors_of(replaced(whole, "log:", "logs:")) ==
             "node.yaml:9:1: unknown key 'logs' in a node; did you mean 'log'?\n");
  BOOST_TEST(hive.errors_of(replaced(whole, "slots:", "slot:")) ==
             "node.yaml:7:10: unknown key 'slot' in worker; did you mean 'slots'?\n");
  BOOST_TEST(hive.errors_of(replaced(whole, "node: a", "node: c"))
                 .starts_with("node.yaml:2:7: the members of the hive have no node 'c'"));
  BOOST_TEST(hive.errors_of("log: info\n") ==
             "node.yaml:1:1: the key 'members' is missing: the hive's file, such as hive.yaml\n"
             "node.yaml:1:1: the key 'node' is missing: which one of the members this is\n"
             "node.yaml:1:1: the key 'key' is missing: the file with the node's secret key\n"
             "node.yaml:1:1: the key 'data' is missing: the node's own directory\n");
  BOOST_TEST(hive.errors_of("") == "node.yaml:1:1: there is no node in this file\n");
}

BOOST_AUTO_TEST_CASE(the_environment_overrides_every_key) {
  const HiveOnDisk hive;
  const Environment environment{{"QUEENRIGHT_NODE_MEMBERS", "hive.yaml"},
                                {"QUEENRIGHT_NODE_NODE", "a"},
                                {"QUEENRIGHT_NODE_KEY", "a.key"},
                                {"QUEENRIGHT_NODE_DATA", "other: #data"},
                                {"QUEENRIGHT_NODE_LISTEN", "tcp://[::1]:1"},
                                {"QUEENRIGHT_NODE_LISTEN_CLIENTS", "tcp://[::1]:2"},
                                {"QUEENRIGHT_NODE_LOG", "error"},
                                {"QUEENRIGHT_NODE_WORKER_SLOTS", "3"},
                                {"QUEENRIGHT_NODE_WORKER_CAPABILITIES", "[http]"},
                                {"QUEENRIGHT_NODE_WORKER_LABELS", "{disk: ssd}"},
                                {"QUEENRIGHT_NODE_WORKER_TRUST", "2"},
                                {"QUEENRIGHT_NODE_WORKER_REGION", "us"},
                                {"QUEENRIGHT_NODE_JOURNAL_KEEP_BYTES", "64mb"},
                                {"QUEENRIGHT_NODE_JOURNAL_KEEP_DAYS", "0"}};
  for (const std::string& file : {whole, std::string("{}\n")}) {
    const auto reading = hive.read(file, environment);
    BOOST_REQUIRE(joined(reading.errors) == "");
    const NodeConfig& config = reading.value;
    BOOST_TEST(config.data == hive.folder() / "other: #data");
    BOOST_TEST((text_of(*config.listen) == "tcp://[::1]:1" && config.log == LogLevel::error));
    BOOST_TEST(text_of(*config.listen_clients) == "tcp://[::1]:2");
    BOOST_TEST((config.worker == WorkerConfig{3, {"http"}, {{"disk", "ssd"}}, 2, "us"}));
    BOOST_TEST((config.journal == JournalConfig{std::uint64_t{64} << 20U, 0}));
  }
}

BOOST_AUTO_TEST_CASE(a_variable_that_says_nothing_or_nonsense_is_an_error) {
  const HiveOnDisk hive;
  BOOST_TEST(hive.errors_of(whole, {{"QUEENRIGHT_NODE_LOG", ""}}) ==
             "QUEENRIGHT_NODE_LOG: it is empty; unset it, or give it a value\n");
  BOOST_TEST(hive.errors_of(whole, {{"QUEENRIGHT_NODE_WORKER_LABELS", "zone"}}) ==
             "QUEENRIGHT_NODE_WORKER_LABELS: labels is a map such as {zone: a}, not a text\n");
  BOOST_TEST(hive.errors_of(whole, {{"QUEENRIGHT_NODE_WORKER_LABELS", "{zone: ]"}})
                 .starts_with("QUEENRIGHT_NODE_WORKER_LABELS: not YAML"));
  BOOST_TEST(hive.errors_of(whole, {{"QUEENRIGHT_NODE_DATA", "\x01"}}) ==
             "QUEENRIGHT_NODE_DATA: a control character\n");
}

BOOST_AUTO_TEST_CASE(only_variables_of_nodes_are_taken_from_this_process) {
  BOOST_REQUIRE(::setenv("QUEENRIGHT_NODE_LOG", "debug", 1) == 0);
  const auto environment = node_environment();
  ::unsetenv("QUEENRIGHT_NODE_LOG");
  BOOST_TEST((environment == Environment{{"QUEENRIGHT_NODE_LOG", "debug"}}));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace queenright::program
