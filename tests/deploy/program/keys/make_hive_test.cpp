#include "deploy/program/keys/make_hive.hpp"

#include <sys/stat.h>

#include <boost/test/unit_test.hpp>
#include <map>

#include "actors/sockets/keys.hpp"
#include "deploy/program/configuration/node_config.hpp"
#include "deploy/program/keys/keys_new.hpp"
#include "tests/deploy/program/texts.hpp"
#include "tests/private_directory.hpp"

namespace queenright::program {
namespace {
BOOST_AUTO_TEST_SUITE(make_hive_files)

namespace fs = std::filesystem;
using test::joined;

HiveSpec spec_with(std::vector<std::string> nodes, std::vector<std::string> clients = {}) {
  const auto spec = spec_of({"north", std::move(nodes), std::move(clients), {}, {}, false});
  if (!spec) BOOST_FAIL(spec.reason());
  return spec.value();
}

std::string refusal_of(const std::vector<std::string>& nodes,
                       const std::vector<std::string>& clients = {},
                       const std::string& hive = "north") {
  const auto spec = spec_of({hive, nodes, clients, {}, {}, false});
  if (!spec) return spec.reason();
  const auto made = make_hive(spec.value());
  return made ? "" : made.reason();
}

MadeHive made_of(const HiveSpec& spec) {
  auto made = make_hive(spec);
  if (!made) BOOST_FAIL(made.reason());
  return std::move(made).value();
}

std::string modes_of(const fs::path& path) {
  struct stat status {};
  BOOST_REQUIRE(::stat(path.c_str(), &status) == 0);
  const unsigned mode = status.st_mode & 07777U;
  return {static_cast<char>('0' + mode / 64), static_cast<char>('0' + mode / 8 % 8),
          static_cast<char>('0' + mode % 8)};
}

BOOST_AUTO_TEST_CASE(queens_of_one_host_get_ports_of_their_own) {
  const auto spec =
      spec_with({"a:queen@10.0.0.1", "b:queen@10.0.0.1", "c:queen@h", "d:queen@h:9000",
                 "e:queen@[fd00::1]", "f:queen@[fd00::1]:80", "w:worker"});
  std::string ports;
  for (const auto& node : spec.nodes)
    if (node.address) ports += text_of(*node.address) + " " + text_of(*node.clients) + "\n";
  BOOST_TEST(ports ==
             "tcp://10.0.0.1:7401 tcp://10.0.0.1:7402\n"
             "tcp://10.0.0.1:7411 tcp://10.0.0.1:7412\n"
             "tcp://h:7401 tcp://h:7402\n"
             "tcp://h:9000 tcp://h:9001\n"
             "tcp://[fd00::1]:7401 tcp://[fd00::1]:7402\n"
             "tcp://[fd00::1]:80 tcp://[fd00::1]:81\n");
  BOOST_TEST((spec.nodes.back().kind == MemberKind::worker));
  BOOST_TEST((spec.clients == std::vector<std::string>{"operator"}));
}

BOOST_AUTO_TEST_CASE(what_can_not_be_a_hive_is_refused_with_all_reasons) {
  const auto says = [](const std::string& refusal, const std::string& expected) {
    BOOST_TEST(refusal.find(expected) != std::string::npos, refusal);
  };
  const auto options = refusal_of({"a", "b:drone", "c:queen@", "d:queen@h:0", "e:queen@*"});
  for (const std::string node : {"a", "b:drone", "c:queen@", "d:queen@h:0", "e:queen@*"})
    says(options, "--node " + node + ": ");
  says(refusal_of({"a:queen@h:65535"}), "clients would get port 65536");
  says(refusal_of({"w:worker"}), "a hive has at least one queen");
  says(refusal_of({"A:queen@h"}), "'A' can't be a name");
  says(refusal_of({"../a:queen@h"}), "'../a' can't be a name");
  says(refusal_of({":queen@h"}), "'' can't be a name");
  says(refusal_of({"a:queen@h"}, {"x y"}), "'x y' can't be a name");
  says(refusal_of({"a:queen@h"}, {}, "a/b"), "'a/b' can't be a name");
  says(refusal_of({"a:queen@h", "a:worker"}), "two nodes are named 'a'");
  says(refusal_of({"a:queen@h"}, {"x", "x"}), "two clients are named 'x'");
  says(refusal_of({"hive:queen@h"}), "a node can't be named 'hive'");
  says(refusal_of({"a:queen@h:7401", "b:queen@h:7402"}), "the address 'tcp://h:7402' was already");
  BOOST_TEST(refusal_of({"a:queen@h"}, {"a"}) == "");
}

BOOST_AUTO_TEST_CASE(two_hives_of_one_spec_share_neither_id_nor_keys) {
  const auto spec = spec_with({"a:queen@h"});
  const auto one = made_of(spec);
  const auto other = made_of(spec);
  BOOST_TEST(one.members.id != other.members.id);
  BOOST_TEST(one.members.nodes[0].key != other.members.nodes[0].key);
  BOOST_TEST(sockets::public_key_of(one.nodes[0].secret_key) == one.members.nodes[0].key);
  BOOST_TEST(one.clients[0].keys.public_key == one.members.clients[0].key);
}

BOOST_AUTO_TEST_CASE(every_file_that_is_made_can_be_read) {
  const PrivateDirectory directory;
  const auto made =
      made_of(spec_with({"a:queen@10.0.0.1", "null:queen@h", "w:worker"}, {"x", "null"}));
  const auto hive = directory.path() / "north";
  BOOST_REQUIRE(!write_hive(made, hive));
  for (const std::string name : {"a", "null", "w"}) {
    const auto reading = read_node_file(hive / (name + ".yaml"), {});
    BOOST_TEST(joined(reading.errors) == "");
    BOOST_TEST(reading.value.self().name == name);
    BOOST_TEST(reading.value.data == "/var/lib/queenright/" + name);
  }
  for (const std::string name : {"x", "null"}) {
    const auto reading = read_client_file(hive / (name + ".client.yaml"));
    BOOST_TEST(joined(reading.errors) == "");
    BOOST_TEST((reading.value.client == name && reading.value.id == made.members.id));
    BOOST_REQUIRE(reading.value.queens.size() == 2U);
    BOOST_TEST(reading.value.queens[1].key == made.members.nodes[1].key);
  }
}

BOOST_AUTO_TEST_CASE(secrets_are_for_their_owner_alone) {
  const PrivateDirectory directory;
  const auto hive = directory.path() / "north/";
  const auto before = ::umask(0);
  const auto refusal = write_hive(made_of(spec_with({"a:queen@h"})), hive);
  ::umask(before);
  BOOST_REQUIRE(!refusal);
  std::map<std::string, std::string> modes{{".", modes_of(hive)}};
  for (const auto& entry : fs::directory_iterator(hive))
    modes[entry.path().filename()] = modes_of(entry.path());
  BOOST_TEST((modes == std::map<std::string, std::string>{{".", "700"},
                                                          {"hive.yaml", "644"},
                                                          {"a.yaml", "644"},
                                                          {"a.key", "600"},
                                                          {"operator.client.yaml", "600"}}));
}

BOOST_AUTO_TEST_CASE(a_hive_is_written_whole_or_not_at_all) {
  const PrivateDirectory directory;
  const auto made = made_of(spec_with({"a:queen@h"}));
  const auto entries = [&] {
    return std::distance(fs::directory_iterator(directory.path()), fs::directory_iterator());
  };
  fs::create_directory(directory.path() / "empty");
  BOOST_TEST(!write_hive(made, directory.path() / "empty"));
  BOOST_REQUIRE(write_hive(made, directory.path() / "empty"));  // it is there now
  BOOST_TEST(write_hive(made, directory.path() / "empty")->reason.find("is there already") !=
             std::string::npos);
  test::write(directory.path() / "file", "");
  BOOST_TEST(write_hive(made, directory.path() / "file").has_value());
  fs::create_symlink("/nowhere", directory.path() / "link");
  BOOST_TEST(write_hive(made, directory.path() / "link").has_value());
  BOOST_TEST(write_hive(made, directory.path() / "no/such/parent").has_value());
  BOOST_TEST(entries() == 3);  // no drafts
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace queenright::program
