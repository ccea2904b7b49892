#include "deploy/program/preferences/preferences.hpp"

#include <boost/test/unit_test.hpp>
#include <cstdlib>

#include "tests/deploy/program/texts.hpp"
#include "tests/private_directory.hpp"

namespace queenright::program {
namespace {
BOOST_AUTO_TEST_SUITE(preferences_of_files)

struct Machine {
  const std::string home = std::getenv("HOME") == nullptr ? "" : std::getenv("HOME");
  PrivateDirectory place;
  std::filesystem::path user = place.path() / "user/config.yaml";
  std::filesystem::path machine = place.path() / "etc";

  Machine() {
    std::filesystem::create_directories(user.parent_path());
    std::filesystem::create_directories(machine);
    for (const char* name : {"QUEENRIGHT_DATA", "QUEENRIGHT_HIVE", "QUEENRIGHT_OUTPUT"})
      ::unsetenv(name);
    ::setenv("HOME", "/home/ann", 1);
  }
  ~Machine() {
    ::setenv("HOME", home.c_str(), 1);
    ::unsetenv("QUEENRIGHT_OUTPUT");
  }

  Preference found(const std::string& name) const {
    for (const auto& one : read_preferences(user, machine).all)
      if (one.name == name) return one;
    return {};
  }
};

BOOST_FIXTURE_TEST_CASE(the_last_file_of_the_machine_counts_and_the_users_more, Machine) {
  test::write(machine / "10-first.yaml", "data: /first\noutput: json\n");
  test::write(machine / "20-last.yaml", "data: /last\n");
  BOOST_TEST(found("data").value == "/last");
  BOOST_TEST(found("data").origin == (machine / "20-last.yaml").string() + ":1");
  BOOST_TEST(found("output").value == "json");
  test::write(user, "# mine\ndata: /mine\n");
  BOOST_TEST(found("data").value == "/mine");
  BOOST_TEST(found("data").origin == user.string() + ":2");
}

BOOST_FIXTURE_TEST_CASE(files_of_hives_nodes_and_clients_are_no_preferences, Machine) {
  test::write(machine / "hive.yaml", "hive: north\nid: e85ca447\nnodes: []\n");
  test::write(machine / "a.yaml", "members: hive.yaml\nnode: a\ndata: /var/lib/a\n");
  test::write(machine / "ops.client.yaml", "hive: north\nclient: ops\nqueens: []\n");
  BOOST_TEST(test::joined(read_preferences(user, machine).errors) == "");
  BOOST_TEST(found("hive").value == "");
  BOOST_TEST(found("data").origin == "built in");
}

BOOST_FIXTURE_TEST_CASE(a_directory_is_where_a_shell_would_find_it_from_the_file, Machine) {
  test::write(user, "data: ~/st\nkeys: ../ops.client.yaml\nhive: tcp://10.0.0.1:7402\n");
  BOOST_TEST(found("data").value == "/home/ann/st");
  BOOST_TEST(found("keys").value == (place.path() / "ops.client.yaml").string());
  BOOST_TEST(found("hive").value == "tcp://10.0.0.1:7402");
}

BOOST_FIXTURE_TEST_CASE(what_is_wrong_is_told_with_its_place_and_the_rest_holds, Machine) {
  test::write(user, "dta: x\ndata: /mine\noutput: xml\n");
  ::setenv("QUEENRIGHT_OUTPUT", "toml", 1);
  const auto errors = test::joined(read_preferences(user, machine).errors);
  BOOST_TEST(test::has(errors, user.string() + ":1:1: "));
  BOOST_TEST(test::has(errors, user.string() + ":3:9: output is human"));
  BOOST_TEST(test::has(errors,
                       "QUEENRIGHT_OUTPUT: output is human, json, yaml, jsonl or name, "
                       "not 'toml'"));
  BOOST_TEST(found("data").value == "/mine");
  BOOST_TEST(found("output").value == "");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace queenright::program
