#include "deploy/program/configuration/hive_members.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "deploy/program/configuration/member_values.hpp"
#include "deploy/program/configuration/timing_bounds.hpp"
#include "deploy/program/document/values.hpp"

namespace queenright::program {
namespace {

constexpr DocumentKind hive_kind{"hive", 1U << 20U};
constexpr std::size_t most_queens = 16;  // ELECTION section 2
constexpr std::uint32_t highest_id = 65535;

constexpr std::array<std::string_view, 5> hive_keys{"hive", "id", "timing", "nodes", "clients"};
constexpr std::array<std::string_view, 2> timing_keys{"hello", "lease"};
constexpr std::array<std::string_view, 6> node_keys{"id",      "name",    "kind",
                                                    "address", "clients", "key"};
constexpr std::array<std::string_view, 2> client_keys{"name", "key"};

class MembersReader {
 public:
  explicit MembersReader(Problems& problems) : problems_(problems), reader_(problems) {}

  HiveMembers read(const YamlNode& root) {
    const Keys keys(root, "a hive", hive_keys, {}, problems_);
    if (const auto* hive = keys.require("hive", "its name"))
      members_.hive = reader_.name(*hive, "the name of a hive").value_or("");
    if (const auto* id = keys.require("id", "32 hexadecimal digits which no other hive has"))
      members_.id = read_hive_id(*id, problems_).value_or("");
    if (const auto* timing = keys.find("timing")) read_timing(*timing);
    if (const auto* nodes = keys.require("nodes", "a list of queens and workers"))
      read_nodes(*nodes);
    if (const auto* clients = keys.find("clients")) read_clients(*clients);
    std::sort(members_.nodes.begin(), members_.nodes.end(),
              [](const Member& a, const Member& b) { return a.id < b.id; });
    return std::move(members_);
  }

 private:
  void read_timing(const YamlNode& node) {
    const Keys keys(node, "timing", timing_keys, {}, problems_);
    if (const auto* hello = keys.find("hello")) {
      const auto every = reader_.duration(*hello, "hello");
      if (every) members_.timing.hello = *every;
      if (const auto wrong = wrong_hello(members_.timing.hello))
        return problems_.error(*hello, *wrong);
    }
    const auto* lease = keys.find("lease");
    if (lease != nullptr) {
      const auto span = reader_.duration(*lease, "lease");
      if (!span) return;
      members_.timing.lease = *span;
    }
    check_lease(lease == nullptr ? node : *lease);
  }

  void check_lease(const YamlNode& place) {
    if (const auto wrong = wrong_lease(members_.timing))
      problems_.error(place, *wrong + (place.kind == YamlNode::Kind::map ? ", its default" : ""));
  }

  /// The elements of a list; of anything else none.
  const std::vector<YamlNode>& elements(const YamlNode& node, const std::string& what) {
    static const std::vector<YamlNode> none;
    if (node.kind == YamlNode::Kind::list) return node.parts;
    problems_.error(node, what + " is a list, not " + std::string(kind_name(node)));
    return none;
  }

  void read_nodes(const YamlNode& nodes) {
    for (const YamlNode& node : elements(nodes, "nodes")) read_node(node);
    if (nodes.kind != YamlNode::Kind::list) return;
    const std::size_t queens = members_.count(MemberKind::queen);
    if (queens == 0)
      problems_.error(nodes, "a hive has at least one queen");
    else if (queens > most_queens)
      problems_.error(nodes, "a hive has at most 16 queens, not " + std::to_string(queens));
  }

  void read_node(const YamlNode& node) {
    const Keys keys(node, "a node", node_keys, {}, problems_);
    Member member;
    if (const auto* id = keys.require("id", "a number from 1 to 65535, for ever this node's"))
      read_id(*id, member);
    if (const auto* name = keys.require("name", "the node's name"))
      member.name = read_name(*name, "the name of a node", node_names_);
    const bool of_a_kind = read_kind(keys, member);
    if (of_a_kind && member.kind == MemberKind::queen) {
      read_reach(keys, "address", "where other nodes reach this queen", member.address);
      read_reach(keys, "clients", "where clients reach this queen", member.clients);
    } else if (of_a_kind) {
      for (const std::string_view key : {"address", "clients"})
        if (const auto* value = keys.find(key))
          problems_.error(*value,
                          "'" + std::string(key) +
                              "' is for queens; a worker connects to them, and nobody to it");
    }
    if (const auto* key = keys.require("key", "the public half of the node's keys"))
      member.key = read_own_key(*key);
    members_.nodes.push_back(std::move(member));
  }

  void read_id(const YamlNode& node, Member& member) {
    const auto id = reader_.count(node, "the id of a node", highest_id);
    if (!id) return;
    member.id = {static_cast<std::uint16_t>(*id)};
    claim(ids_, node, *id, "the id " + std::to_string(*id));
  }

  bool read_kind(const Keys& keys, Member& member) {
    const auto* node = keys.require("kind", "queen or worker");
    if (node == nullptr) return false;
    for (const auto kind : {MemberKind::queen, MemberKind::worker})
      if (node->is_scalar() && node->text == name_of(kind)) {
        member.kind = kind;
        return true;
      }
    problems_.error(
        *node, "the kind of a node is queen or worker, not " +
                   (node->is_scalar() ? in_quotes(node->text) : std::string(kind_name(*node))));
    return false;
  }

  void read_reach(const Keys& keys, std::string_view key, std::string_view meaning,
                  std::optional<Address>& address) {
    const auto* node = keys.require(key, meaning);
    if (node == nullptr) return;
    address = read_address(*node, key, problems_);
    if (address) claim(addresses_, *node, *address, "the address " + in_quotes(text_of(*address)));
  }

  void read_clients(const YamlNode& clients) {
    for (const YamlNode& node : elements(clients, "clients")) {
      const Keys keys(node, "a client", client_keys, {}, problems_);
      ClientMember client;
      if (const auto* name = keys.require("name", "the client's name"))
        client.name = read_name(*name, "the name of a client", client_names_);
      if (const auto* key = keys.require("key", "the public half of the client's keys"))
        client.key = read_own_key(*key);
      members_.clients.push_back(std::move(client));
    }
  }

  using Names = std::map<std::string, const YamlNode*>;

  std::string read_name(const YamlNode& node, std::string_view what, Names& names) {
    const auto name = reader_.name(node, what);
    if (name) claim(names, node, *name, "the name " + in_quotes(*name));
    return name.value_or("");
  }

  /// Two with one key could not be told from each other.
  std::string read_own_key(const YamlNode& node) {
    const auto key = read_key(node, "a key", problems_);
    if (key) claim(keys_, node, *key, "the key " + in_quotes(*key));
    return key.value_or("");
  }

  template <class Value>
  void claim(std::map<Value, const YamlNode*>& taken, const YamlNode& node, const Value& value,
             const std::string& what) {
    const auto [first, fresh] = taken.emplace(value, &node);
    if (!fresh) problems_.error_given_twice(node, what, *first->second);
  }

  Problems& problems_;
  const ValueReader reader_;
  HiveMembers members_;
  std::map<std::uint32_t, const YamlNode*> ids_;
  std::map<Address, const YamlNode*> addresses_;
  Names node_names_, client_names_, keys_;
};

Interpret interpretation(HiveMembers& members) {
  return [&](const YamlNode& root, Problems& problems) {
    members = MembersReader(problems).read(root);
  };
}

}  // namespace

std::string_view name_of(MemberKind kind) { return kind == MemberKind::queen ? "queen" : "worker"; }

const Member* HiveMembers::node(std::string_view name) const {
  const auto found = std::find_if(nodes.begin(), nodes.end(),
                                  [&](const Member& member) { return member.name == name; });
  return found == nodes.end() ? nullptr : &*found;
}

std::size_t HiveMembers::count(MemberKind kind) const {
  return static_cast<std::size_t>(std::count_if(
      nodes.begin(), nodes.end(), [&](const Member& member) { return member.kind == kind; }));
}

Reading<HiveMembers> read_members(std::string_view bytes, const std::string& file) {
  HiveMembers members;
  auto findings = read_document(bytes, file, hive_kind, interpretation(members));
  return {std::move(members), std::move(findings.errors)};
}

Reading<HiveMembers> read_members_file(const std::filesystem::path& path) {
  HiveMembers members;
  auto findings = read_document_file(path, hive_kind, interpretation(members));
  return {std::move(members), std::move(findings.errors)};
}

std::string yaml_of(const HiveMembers& members) {
  std::string text = fmt::format(
      "# The members of a hive. The same file on every node.\n"
      "hive: \"{}\"\nid: {}\ntiming: {{hello: {}, lease: {}}}\nnodes:\n",
      members.hive, members.id, duration_text(members.timing.hello),
      duration_text(members.timing.lease));
  for (const Member& member : members.nodes) {
    text += fmt::format("  - {{id: {}, name: \"{}\", kind: {}", member.id.value, member.name,
                        name_of(member.kind));
    if (member.address) text += fmt::format(", address: \"{}\"", text_of(*member.address));
    if (member.clients) text += fmt::format(", clients: \"{}\"", text_of(*member.clients));
    text += fmt::format(", key: \"{}\"}}\n", member.key);
  }
  text += members.clients.empty() ? "clients: []\n" : "clients:\n";
  for (const ClientMember& client : members.clients)
    text += fmt::format("  - {{name: \"{}\", key: \"{}\"}}\n", client.name, client.key);
  return text;
}

}  // namespace queenright::program
