#include "deploy/program/configuration/hive_members.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "actors/sockets/keys.hpp"
#include "tests/deploy/program/texts.hpp"

namespace queenright::program {
namespace {
BOOST_AUTO_TEST_SUITE(hive_members)

using namespace std::chrono_literals;
using test::joined;
using test::replaced;

const std::string key_a = sockets::new_key_pair().public_key;
const std::string key_b = sockets::new_key_pair().public_key;
const std::string key_w = sockets::new_key_pair().public_key;
const std::string key_c = sockets::new_key_pair().public_key;

const std::string whole =
    "hive: north\n"
    "id: 00112233445566778899aabbccddeeff\n"
    "timing: {hello: 20ms, lease: 60ms}\n"
    "nodes:\n"
    "- {id: 2, name: b, kind: queen, address: tcp://10.0.0.2:7401, clients: tcp://10.0.0.2:7402, "
    "key: \"" +
    key_b +
    "\"}\n"
    "- {id: 1, name: a, kind: queen, address: tcp://10.0.0.1:7401, clients: tcp://10.0.0.1:7402, "
    "key: \"" +
    key_a +
    "\"}\n"
    "- {id: 4, name: w, kind: worker, key: \"" +
    key_w +
    "\"}\n"
    "clients:\n"
    "- {name: ops, key: \"" +
    key_c + "\"}\n";

std::string errors_of(const std::string& text) { return joined(read_members(text, "f").errors); }

std::string errors_with(const std::string& from, const std::string& to) {
  return errors_of(replaced(whole, from, to));
}

/// Whether the one error is at a place and says so.
void must_be_refused(const std::string& from, const std::string& to, const std::string& expected) {
  const auto errors = errors_with(from, to);
  BOOST_TEST(errors.starts_with("f:" + expected), "expected " << expected << "\ngot " << errors);
  BOOST_TEST(std::count(errors.begin(), errors.end(), '\n') == 1, errors);
}

BOOST_AUTO_TEST_CASE(members_are_read_with_all_their_keys) {
  const auto reading = read_members(whole, "f");
  BOOST_REQUIRE(joined(reading.errors) == "");
  const HiveMembers& members = reading.value;
  BOOST_TEST(members.hive == "north");
  BOOST_TEST(members.id == "00112233445566778899aabbccddeeff");
  BOOST_TEST((members.timing == messages::Timing{20ms, 60ms}));
  BOOST_REQUIRE(members.nodes.size() == 3U);
  BOOST_TEST(members.nodes[0].name == "a");  // in the order of ids
  BOOST_TEST(text_of(*members.nodes[0].clients) == "tcp://10.0.0.1:7402");
  const Member* worker = members.node("w");
  BOOST_REQUIRE(worker != nullptr);
  BOOST_TEST((worker->id.value == 4 && worker->kind == MemberKind::worker && !worker->address));
  BOOST_TEST(worker->key == key_w);
  BOOST_TEST((members.count(MemberKind::queen) == 2 && members.node("x") == nullptr));
  BOOST_REQUIRE(members.clients.size() == 1U);
  BOOST_TEST((members.clients[0] == ClientMember{"ops", key_c}));
}

BOOST_AUTO_TEST_CASE(what_is_written_of_members_reads_as_the_same) {
  auto members = read_members(whole, "f").value;
  members.nodes[0].name = "null";  // in YAML a word with a meaning
  const auto again = read_members(yaml_of(members), "f");
  BOOST_REQUIRE(joined(again.errors) == "");
  BOOST_TEST((again.value.nodes == members.nodes && again.value.clients == members.clients));
  BOOST_TEST((again.value.hive == members.hive && again.value.id == members.id));
  BOOST_TEST((again.value.timing == members.timing));
}

BOOST_AUTO_TEST_CASE(timing_and_clients_may_be_missing) {
  const auto start = whole.find("timing");
  auto text = replaced(whole, whole.substr(start, whole.find('\n', start) + 1 - start), "");
  text = text.substr(0, text.find("clients:\n"));
  const auto reading = read_members(text, "f");
  BOOST_REQUIRE(joined(reading.errors) == "");
  BOOST_TEST((reading.value.timing == messages::Timing{50ms, 150ms}));
  BOOST_TEST(reading.value.clients.empty());
}

BOOST_AUTO_TEST_CASE(an_unknown_key_is_an_error_with_advice) {
  must_be_refused(
      "timing:", "timings:", "3:1: unknown key 'timings' in a hive; did you mean 'timing'?");
  must_be_refused(
      "lease: ", "leese: ", "3:23: unknown key 'leese' in timing; did you mean 'lease'?");
  must_be_refused("kind: worker, key", "kind: worker, trust: 1, key",
                  "7:34: unknown key 'trust' in a node");
  must_be_refused("{name: ops,", "{name: ops, role: admin,",
                  "9:15: unknown key 'role' in a client");
}

BOOST_AUTO_TEST_CASE(ids_names_addresses_and_keys_are_each_ones_own) {
  must_be_refused("id: 4", "id: 2", "7:8: the id 2 was already given at 5:8");
  must_be_refused("name: w", "name: a", "7:17: the name 'a' was already given at 6:17");
  must_be_refused(key_w, key_b, "7:39: the key '" + key_b + "' was already given at 5:");
  must_be_refused(key_c, key_a, "9:20: the key '" + key_a + "' was already given at 6:");
  must_be_refused("clients: tcp://10.0.0.1:7402", "clients: tcp://10.0.0.2:7401",
                  "6:72: the address 'tcp://10.0.0.2:7401' was already given at 5:42");
}

BOOST_AUTO_TEST_CASE(values_out_of_bounds_are_refused_with_the_bound) {
  must_be_refused("id: 4", "id: 0", "7:8: the id of a node is a number from 1 to 65535, not '0'");
  must_be_refused("id: 4", "id: 65536", "7:8: the id of a node is a number from 1 to 65535");
  must_be_refused("hive: north", "hive: North", "1:7: 'North' can't be the name of a hive");
  must_be_refused("id: 00112233445566778899aabbccddeeff", "id: 0011",
                  "2:5: the id of a hive is 32");
  must_be_refused("ddeeff", "ddeefg", "2:5: the id of a hive is 32 digits");
  must_be_refused("kind: worker", "kind: drone",
                  "7:26: the kind of a node is queen or worker, not 'drone'");
  must_be_refused(key_w, key_w.substr(1), "7:39: a key is 40 characters of Z85");
}

BOOST_AUTO_TEST_CASE(a_lease_covers_a_lost_hello_and_is_no_longer_than_twenty) {
  const std::string timing = "hello: 20ms, lease: 60ms";
  BOOST_TEST(errors_with(timing, "hello: 20ms, lease: 50ms") == "");
  BOOST_TEST(errors_with(timing, "hello: 20ms, lease: 400ms") == "");
  BOOST_TEST(errors_with(timing, "hello: 10ms, lease: 30ms") == "");
  BOOST_TEST(errors_with(timing, "hello: 1s, lease: 20s") == "");
  BOOST_TEST(errors_with(timing, "hello: 20ms") == "");
  must_be_refused(timing, "hello: 20ms, lease: 49ms", "3:30: lease is at least 2.5 hellos (50ms)");
  must_be_refused(timing, "hello: 20ms, lease: 401ms", "3:30: lease is at most 20 hellos (400ms)");
  must_be_refused(timing, "hello: 9ms, lease: 30ms", "3:17: hello is 10ms to 1s");
  must_be_refused(timing, "hello: 1001ms, lease: 3s", "3:17: hello is 10ms to 1s");
  must_be_refused(timing, "hello: 100ms", "3:9: lease is at least 2.5 hellos (250ms)");
  must_be_refused(timing, "lease: 60", "3:17: lease is a duration");
}

BOOST_AUTO_TEST_CASE(queens_are_reached_and_workers_are_not) {
  must_be_refused("address: tcp://10.0.0.2:7401, ", "",
                  "5:3: the key 'address' is missing: where other nodes reach this queen");
  must_be_refused(", clients: tcp://10.0.0.2:7402", "", "5:3: the key 'clients' is missing");
  must_be_refused("kind: worker", "kind: worker, address: tcp://10.0.0.9:1",
                  "7:43: 'address' is for queens");
  must_be_refused("address: tcp://10.0.0.2:7401", "address: tcp://0.0.0.0:7401",
                  "5:42: address: 'tcp://0.0.0.0:7401' means every interface");
}

BOOST_AUTO_TEST_CASE(a_hive_has_one_to_sixteen_queens) {
  const auto hive_of = [](std::size_t queens) {
    std::string text = "hive: n\nid: 00112233445566778899aabbccddeeff\nnodes:\n";
    for (std::size_t i = 1; i <= queens; ++i) {
      const std::string number = std::to_string(i);
      text += "- {id: " + number + ", name: q" + number +
              ", kind: queen, address: tcp://a:" + number + ", clients: tcp://b:" + number +
              ", key: \"" + sockets::new_key_pair().public_key + "\"}\n";
    }
    return text + "- {id: 100, name: w, kind: worker, key: \"" + key_w + "\"}\n";
  };
  BOOST_TEST(errors_of(hive_of(0)) == "f:4:1: a hive has at least one queen\n");
  BOOST_TEST(errors_of(hive_of(1)) == "");
  BOOST_TEST(errors_of(hive_of(16)) == "");
  BOOST_TEST(errors_of(hive_of(17)) == "f:4:1: a hive has at most 16 queens, not 17\n");
}

BOOST_AUTO_TEST_CASE(all_errors_are_told_at_once_in_the_order_of_the_file) {
  BOOST_TEST(errors_of("hive: N\nnodes: [{id: x, kind: queen, key: k}, 7]\n") ==
             "f:1:1: the key 'id' is missing: 32 hexadecimal digits which no other hive has\n"
             "f:1:7: 'N' can't be the name of a hive: write a-z, 0-9 and '-', at most 100 of them, "
             "not '-' first\n"
             "f:2:9: the key 'name' is missing: the node's name\n"
             "f:2:9: the key 'address' is missing: where other nodes reach this queen\n"
             "f:2:9: the key 'clients' is missing: where clients reach this queen\n"
             "f:2:14: the id of a node is a number from 1 to 65535, not 'x'\n"
             "f:2:35: a key is 40 characters of Z85 in quotes, as 'queenright keys new' makes it; "
             "this is something else, of 1\n"
             "f:2:39: a node is a map of keys, not a text\n");
}

BOOST_AUTO_TEST_CASE(what_is_no_hive_at_all_is_said_so) {
  BOOST_TEST(errors_of("") == "f:1:1: there is no hive in this file\n");
  BOOST_TEST(errors_of("- a\n") == "f:1:1: a hive is a map of keys, not a list\n");
  BOOST_TEST(errors_of("hive: [\n").starts_with("f:"));
  BOOST_TEST(errors_of(std::string("hive: a\0b\n", 10)) == "f:1:8: a NUL byte\n");
  BOOST_TEST(errors_of(std::string((1U << 20U) + 1, '#')) == "f: a hive has at most 1 MiB\n");
  BOOST_TEST(errors_of("nodes: {a: b}\n").find("f:1:8: nodes is a list, not a map") !=
             std::string::npos);
  BOOST_TEST(joined(read_members_file("/nowhere").errors) ==
             "/nowhere: can't be opened: No such file or directory\n");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace queenright::program
