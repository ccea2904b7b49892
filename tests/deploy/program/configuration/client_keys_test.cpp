#include "deploy/program/configuration/client_keys.hpp"

#include <boost/test/unit_test.hpp>

#include "deploy/program/configuration/descriptions.hpp"
#include "messages/value.hpp"
#include "tests/deploy/program/texts.hpp"
#include "tests/private_directory.hpp"

namespace queenright::program {
namespace {
BOOST_AUTO_TEST_SUITE(client_keys)

namespace fs = std::filesystem;
using test::joined;
using test::replaced;

ClientKeys operator_keys() {
  return {"north",
          "00112233445566778899aabbccddeeff",
          "operator",
          sockets::new_key_pair(),
          {{"a", Address{"10.0.0.1", 7402}, sockets::new_key_pair().public_key},
           {"null", Address{"fd00::1", 7402}, sockets::new_key_pair().public_key}}};
}

class ClientOnDisk {
 public:
  Reading<ClientKeys> read(const std::string& text) const {
    test::write(path(), text);
    fs::permissions(path(), fs::perms::owner_read | fs::perms::owner_write);
    return read_client_file(path());
  }

  std::string errors_of(const std::string& text) const {
    return test::without_folder(joined(read(text).errors), directory_.path());
  }

  fs::path path() const { return directory_.path() / "f"; }

 private:
  PrivateDirectory directory_;
};

BOOST_AUTO_TEST_CASE(what_is_written_of_a_client_reads_as_the_same) {
  const ClientOnDisk disk;
  const ClientKeys written = operator_keys();
  const auto reading = disk.read(yaml_of(written));
  BOOST_REQUIRE(joined(reading.errors) == "");
  BOOST_TEST(reading.value.keys.secret_key == written.keys.secret_key);
  BOOST_TEST(yaml_of(reading.value) == yaml_of(written));
}

BOOST_AUTO_TEST_CASE(a_client_file_that_others_can_read_is_refused) {
  const ClientOnDisk disk;
  disk.read(yaml_of(operator_keys()));
  fs::permissions(disk.path(), fs::perms::others_read, fs::perm_options::add);
  const auto errors = joined(read_client_file(disk.path()).errors);
  BOOST_TEST(
      errors.find("its mode is 604, so others may have it; 'chmod 600 ") != std::string::npos,
      errors);
}

BOOST_AUTO_TEST_CASE(halves_of_two_pairs_are_refused) {
  const ClientOnDisk disk;
  ClientKeys keys = operator_keys();
  keys.keys.public_key = sockets::new_key_pair().public_key;
  BOOST_TEST(disk.errors_of(yaml_of(keys)) ==
             "f:5:13: public_key and secret_key are not of one pair\n");
}

BOOST_AUTO_TEST_CASE(all_errors_of_a_client_are_told_at_once) {
  const ClientOnDisk disk;
  BOOST_TEST(disk.errors_of("hive: N\nsecret_keys: x\npublic_key: y\nqueens: [{name: a}]\n") ==
             "f:1:1: the key 'id' is missing: the id of the hive\n"
             "f:1:1: the key 'client' is missing: the client's name\n"
             "f:1:1: the key 'secret_key' is missing: the secret half of the client's keys\n"
             "f:1:7: 'N' can't be the name of a hive: write a-z, 0-9 and '-', at most 100 of them, "
             "not '-' first\n"
             "f:2:1: unknown key 'secret_keys' in a client; did you mean 'secret_key'?\n"
             "f:3:13: public_key is 40 characters of Z85 in quotes, as 'queenright keys new' makes "
             "it; this is something else, of 1\n"
             "f:4:10: the key 'address' is missing: where clients reach this queen\n"
             "f:4:10: the key 'key' is missing: the public half of the queen's keys\n");
  const auto text = yaml_of(operator_keys());
  BOOST_TEST(disk.errors_of(text.substr(0, text.find("queens:")) + "queens: []\n") ==
             "f:7:9: a client asks at least one queen\n");
}

BOOST_AUTO_TEST_CASE(a_secret_is_never_told) {
  const ClientOnDisk disk;
  const ClientKeys keys = operator_keys();
  const std::string& secret = keys.keys.secret_key;
  BOOST_TEST(text_of(keys).find(secret) == std::string::npos);
  BOOST_TEST(messages::to_json(value_of(keys)).find(secret) == std::string::npos);
  BOOST_TEST(messages::to_json(value_of(keys)).find(keys.keys.public_key) != std::string::npos);
  const auto errors = disk.errors_of(replaced(yaml_of(keys), secret, secret + "x"));
  BOOST_TEST(errors.starts_with("f:6:13: secret_key is 40 characters"), errors);
  BOOST_TEST(errors.find(secret) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_is_no_file_is_said_so) {
  const ClientOnDisk disk;
  BOOST_TEST(joined(read_client_file("/nowhere").errors) ==
             "/nowhere: can't be opened: No such file or directory\n");
  BOOST_TEST(joined(read_client_file("/").errors) == "/: this is no regular file\n");
  BOOST_TEST(joined(read_client_file("/dev/zero").errors) ==
             "/dev/zero: this is no regular file\n");
  BOOST_TEST(disk.errors_of(std::string(65 << 10U, '#')) == "f: it has more than 64 KiB\n");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace queenright::program
