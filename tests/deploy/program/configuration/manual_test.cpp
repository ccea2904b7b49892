#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>
#include <set>

#include "actors/sockets/keys.hpp"
#include "deploy/program/configuration/client_keys.hpp"
#include "deploy/program/configuration/node_config.hpp"
#include "deploy/program/document/source_text.hpp"
#include "deploy/program/document/yaml_tree.hpp"
#include "tests/deploy/program/texts.hpp"
#include "tests/private_directory.hpp"

/// docs/configuration.md and the schemas beside it say what the readers read.
namespace queenright::program {
namespace {
BOOST_AUTO_TEST_SUITE(manual)

namespace fs = std::filesystem;
using test::joined;
using test::replaced;

/// The YAML behind a heading of the manual.
std::string example_of(const std::string& heading) {
  static const std::string manual = test::bytes_of("docs/configuration.md");
  const std::string fence = "```yaml\n";
  const std::size_t section = manual.find("\n## " + heading + "\n");
  BOOST_REQUIRE_MESSAGE(section != std::string::npos, heading);
  const std::size_t begin = manual.find(fence, section) + fence.size();
  return manual.substr(begin, manual.find("\n```", begin) + 1 - begin);
}

void write_secret(const fs::path& path, const std::string& text) {
  test::write(path, text);
  fs::permissions(path, fs::perms::owner_read);
}

using Names = std::set<std::string>;

/// The keys of a document, as "nodes.id": those of all elements of a list together.
void add_names(const YamlNode& node, const std::string& prefix, Names& names) {
  if (node.kind == YamlNode::Kind::list)
    for (const YamlNode& part : node.parts) add_names(part, prefix, names);
  node.entries([&](const YamlNode& key, const YamlNode& value) {
    if (node.kind != YamlNode::Kind::map) return;
    names.insert(prefix + key.text);
    add_names(value, prefix + key.text + ".", names);
  });
}

/// Likewise of a schema, where they are declared by name.
void add_names(const nlohmann::json& schema, const std::string& prefix, Names& names) {
  if (schema.contains("items")) add_names(schema["items"], prefix, names);
  if (!schema.contains("properties")) return;
  for (const auto& [key, value] : schema["properties"].items()) {
    names.insert(prefix + key);
    add_names(value, prefix + key + ".", names);
  }
}

Names names_in_example(const std::string& text) {
  const SourceText source(text);
  Problems problems("example", source);
  const auto root = read_yaml(source, problems);
  BOOST_REQUIRE(root);
  Names names;
  add_names(*root, "", names);
  return names;
}

Names names_in_schema(const fs::path& path) {
  Names names;
  add_names(nlohmann::json::parse(test::bytes_of(path)), "", names);
  return names;
}

BOOST_AUTO_TEST_CASE(the_examples_of_a_hive_and_a_node_are_read) {
  const PrivateDirectory directory;
  const auto pair = sockets::new_key_pair();
  const auto hive = example_of("hive.yaml");
  const auto members = read_members(hive, "example");
  BOOST_REQUIRE(joined(members.errors) == "");
  test::write(directory.path() / "hive.yaml",
              replaced(hive, members.value.node("a")->key, pair.public_key));
  test::write(directory.path() / "a.yaml", example_of("NAME.yaml"));
  write_secret(directory.path() / "a.key", pair.secret_key);
  BOOST_TEST(joined(read_node_file(directory.path() / "a.yaml", {}).errors) == "");
}

BOOST_AUTO_TEST_CASE(the_example_of_a_client_is_read) {
  const PrivateDirectory directory;
  write_secret(directory.path() / "client", example_of("NAME.client.yaml"));
  BOOST_TEST(joined(read_client_file(directory.path() / "client").errors) == "");
}

BOOST_AUTO_TEST_CASE(the_schemas_know_the_keys_of_the_examples_and_no_others) {
  BOOST_TEST(
      (names_in_schema("docs/hive.schema.json") == names_in_example(example_of("hive.yaml"))));
  auto of_node = names_in_example(example_of("NAME.yaml"));
  of_node.erase("worker.labels.zone");  // a label's name is anybody's
  BOOST_TEST((names_in_schema("docs/node.schema.json") == of_node));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace queenright::program
