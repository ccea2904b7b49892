#include "deploy/program/keys/make_hive.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "actors/sockets/keys.hpp"
#include "deploy/program/document/values.hpp"
#include "deploy/program/random_key.hpp"
#include "messages/value.hpp"
#include "persistence/durable_file.hpp"

namespace queenright::program {
namespace {

namespace fs = std::filesystem;
using messages::Refusal;
using messages::Result;

constexpr const char* members_name = "hive.yaml";
constexpr const char* reserved_name = "hive";
constexpr mode_t for_all = 0644;
constexpr mode_t for_the_owner = 0600;

std::string joined(const std::vector<std::string>& reasons) {
  return fmt::format("{}", fmt::join(reasons, "; "));
}

/// Names become names of files, and text in YAML: judged before anything is made of them.
std::vector<std::string> reasons_against_names(const HiveSpec& spec) {
  std::vector<std::string> reasons;
  const auto judge = [&](const std::string& name) {
    if (!is_name(name))
      reasons.push_back(in_quotes(name) +
                        " can't be a name: write a-z, 0-9 and '-', at most 100 of "
                        "them, not '-' first");
  };
  const auto judge_all = [&](std::vector<std::string> names, const std::string& what) {
    std::sort(names.begin(), names.end());
    const auto twice = std::adjacent_find(names.begin(), names.end());
    if (twice != names.end()) reasons.push_back("two " + what + " are named " + in_quotes(*twice));
    for (const std::string& name : names) judge(name);
  };
  judge(spec.hive);
  std::vector<std::string> nodes;
  for (const NodeSpec& node : spec.nodes) nodes.push_back(node.name);
  if (std::find(nodes.begin(), nodes.end(), reserved_name) != nodes.end())
    reasons.push_back("a node can't be named 'hive': its file would be that of the members");
  judge_all(std::move(nodes), "nodes");
  judge_all(spec.clients, "clients");
  return reasons;
}

/// What else is wrong, as the members' file would be refused for it.
std::vector<std::string> reasons_against(const HiveMembers& members) {
  std::vector<std::string> reasons;
  for (Problem& problem : read_members(yaml_of(members), members_name).errors)
    reasons.push_back(std::move(problem.what));
  return reasons;
}

std::string node_text(const NodeSpec& node) {
  std::string text =
      fmt::format("members: {}\nnode: \"{}\"\nkey: {}.key\ndata: {}\n", members_name, node.name,
                  node.name, messages::to_json(messages::Value(node.data.string())));
  const auto listen = [&](const char* key, const std::optional<Address>& address) {
    if (address && is_named(*address))
      text += fmt::format("{}: \"{}\"\n", key, text_of(Address{"*", address->port}));
  };
  listen("listen", node.address);
  listen("listen_clients", node.clients);
  return text;
}

std::optional<Refusal> write_files(const std::vector<HiveFile>& files, const fs::path& directory) {
  for (const HiveFile& file : files) {
    const mode_t mode = file.secret ? for_the_owner : for_all;
    if (auto refusal = persistence::replace_file(directory / file.name, file.text, mode))
      return refusal;
  }
  return std::nullopt;
}

}  // namespace

Result<MadeHive> make_hive(const HiveSpec& spec) {
  if (const auto reasons = reasons_against_names(spec); !reasons.empty())
    return Refusal{joined(reasons)};
  MadeHive hive;
  hive.members = {spec.hive, random_key(), spec.timing, {}, {}};
  for (const NodeSpec& node : spec.nodes) {
    const auto id = static_cast<std::uint16_t>(hive.nodes.size() + 1);
    auto keys = sockets::new_key_pair();
    hive.members.nodes.push_back(
        {{id}, node.name, node.kind, node.address, node.clients, std::move(keys.public_key)});
    hive.nodes.push_back({node, std::move(keys.secret_key)});
  }
  std::vector<ClientKeys::Queen> queens;
  for (const Member& member : hive.members.nodes)
    if (member.kind == MemberKind::queen && member.clients)
      queens.push_back({member.name, *member.clients, member.key});
  for (const std::string& name : spec.clients) {
    auto keys = sockets::new_key_pair();
    hive.members.clients.push_back({name, keys.public_key});
    hive.clients.push_back({spec.hive, hive.members.id, name, std::move(keys), queens});
  }
  if (const auto reasons = reasons_against(hive.members); !reasons.empty())
    return Refusal{joined(reasons)};
  return hive;
}

std::vector<HiveFile> files_of(const MadeHive& hive) {
  std::vector<HiveFile> files{{members_name, yaml_of(hive.members), false}};
  for (const auto& node : hive.nodes) {
    files.push_back({node.spec.name + ".yaml", node_text(node.spec), false});
    files.push_back({node.spec.name + ".key", node.secret_key + "\n", true});
  }
  for (const ClientKeys& client : hive.clients)
    files.push_back({client.client + ".client.yaml", yaml_of(client), true});
  return files;
}

std::optional<Refusal> refuses_hive(const fs::path& directory) {
  std::error_code error;
  const bool free = !fs::exists(fs::symlink_status(directory, error)) ||
                    (fs::is_directory(directory, error) && fs::is_empty(directory, error));
  if (free) return std::nullopt;
  return Refusal{directory.string() +
                 " is there already, and not an empty directory; give another "
                 "one by --dir"};
}

std::optional<Refusal> write_hive(const MadeHive& hive, const fs::path& directory) {
  if (auto refusal = refuses_hive(directory)) return refusal;
  fs::path target = fs::absolute(directory).lexically_normal();
  if (!target.has_filename()) target = target.parent_path();  // "north/"
  std::string draft = target.string() + ".XXXXXX";
  if (::mkdtemp(draft.data()) == nullptr)  // for the owner alone
    return persistence::system_refusal(target, "can't be made");
  auto refusal = write_files(files_of(hive), draft);
  if (!refusal && std::rename(draft.c_str(), target.c_str()) != 0)
    refusal = persistence::system_refusal(target, "can't be made");
  std::error_code error;
  if (refusal)
    fs::remove_all(draft, error);
  else
    refusal = persistence::sync_directory(target.parent_path());
  return refusal;
}

}  // namespace queenright::program
