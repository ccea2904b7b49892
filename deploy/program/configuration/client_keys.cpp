#include "deploy/program/configuration/client_keys.hpp"

#include <fmt/format.h>

#include <array>

#include "deploy/program/configuration/member_values.hpp"
#include "deploy/program/configuration/private_file.hpp"
#include "deploy/program/document/values.hpp"

namespace queenright::program {
namespace {

constexpr DocumentKind client_kind{"client", 1U << 20U};

constexpr std::array<std::string_view, 6> client_keys{"hive",       "id",         "client",
                                                      "public_key", "secret_key", "queens"};
constexpr std::array<std::string_view, 3> queen_keys{"name", "address", "key"};

class ClientReader {
 public:
  explicit ClientReader(Problems& problems) : problems_(problems), reader_(problems) {}

  ClientKeys read(const YamlNode& root) {
    const Keys keys(root, "a client", client_keys, {}, problems_);
    if (const auto* hive = keys.require("hive", "the name of the hive"))
      client_.hive = reader_.name(*hive, "the name of a hive").value_or("");
    if (const auto* id = keys.require("id", "the id of the hive"))
      client_.id = read_hive_id(*id, problems_).value_or("");
    if (const auto* name = keys.require("client", "the client's name"))
      client_.client = reader_.name(*name, "the name of a client").value_or("");
    read_pair(keys);
    if (const auto* queens = keys.require("queens", "a list of those who can be asked"))
      read_queens(*queens);
    return std::move(client_);
  }

 private:
  void read_pair(const Keys& keys) {
    const auto* public_half = keys.require("public_key", "the public half of the client's keys");
    const auto* secret_half = keys.require("secret_key", "the secret half of the client's keys");
    const auto read = [&](const YamlNode* node, std::string_view what) {
      return node == nullptr ? std::nullopt : read_key(*node, what, problems_);
    };
    const auto public_key = read(public_half, "public_key");
    const auto secret_key = read(secret_half, "secret_key");
    if (!public_key || !secret_key) return;
    if (sockets::public_key_of(*secret_key) != *public_key)
      problems_.error(*public_half, "public_key and secret_key are not of one pair");
    client_.keys = {*public_key, *secret_key};
  }

  void read_queens(const YamlNode& queens) {
    if (queens.kind != YamlNode::Kind::list)
      return problems_.error(queens, "queens is a list, not " + std::string(kind_name(queens)));
    if (queens.parts.empty()) problems_.error(queens, "a client asks at least one queen");
    for (const YamlNode& node : queens.parts) {
      const Keys keys(node, "a queen", queen_keys, {}, problems_);
      ClientKeys::Queen queen;
      if (const auto* name = keys.require("name", "the queen's name"))
        queen.name = reader_.name(*name, "the name of a node").value_or("");
      if (const auto* address = keys.require("address", "where clients reach this queen"))
        queen.address = read_address(*address, "address", problems_).value_or(Address{});
      if (const auto* key = keys.require("key", "the public half of the queen's keys"))
        queen.key = read_key(*key, "a key", problems_).value_or("");
      client_.queens.push_back(std::move(queen));
    }
  }

  Problems& problems_;
  const ValueReader reader_;
  ClientKeys client_;
};

}  // namespace

Reading<ClientKeys> read_client_file(const std::filesystem::path& path) {
  const auto bytes = read_private_file(path);
  if (!bytes) return {{}, {{path.string(), {}, bytes.reason()}}};
  ClientKeys client;
  auto findings = read_document(bytes.value(), path.string(), client_kind,
                                [&](const YamlNode& root, Problems& problems) {
                                  client = ClientReader(problems).read(root);
                                });
  return {std::move(client), std::move(findings.errors)};
}

std::string yaml_of(const ClientKeys& client) {
  std::string text = fmt::format(
      "# Keep this file secret: who has it is this client.\n"
      "hive: \"{}\"\nid: {}\nclient: \"{}\"\npublic_key: \"{}\"\nsecret_key: \"{}\"\nqueens:\n",
      client.hive, client.id, client.client, client.keys.public_key, client.keys.secret_key);
  for (const auto& queen : client.queens)
    text += fmt::format("  - {{name: \"{}\", address: \"{}\", key: \"{}\"}}\n", queen.name,
                        text_of(queen.address), queen.key);
  return text;
}

}  // namespace queenright::program
