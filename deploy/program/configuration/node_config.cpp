#include "deploy/program/configuration/node_config.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "actors/sockets/keys.hpp"
#include "deploy/program/configuration/member_values.hpp"
#include "deploy/program/configuration/private_file.hpp"
#include "deploy/program/configuration/settings.hpp"
#include "deploy/program/document/values.hpp"
#include "messages/ensure.hpp"
#include "messages/near_name.hpp"

namespace queenright::program {
namespace {

using Form = SettingName::Form;

constexpr DocumentKind node_kind{"node", 1U << 20U};
constexpr std::uint32_t most_slots = 1024;
constexpr std::uint32_t highest_trust = 100;
constexpr std::uint32_t longest_keep_days = 36'500;

constexpr std::array<std::string_view, 9> node_keys{
    "members", "node", "key", "data", "listen", "listen_clients", "worker", "journal", "log"};
constexpr std::array<std::string_view, 6> worker_keys{"slots", "capabilities", "labels",
                                                      "trust", "region",       "time_to_live"};
constexpr auto shortest_life = std::chrono::seconds{6};
constexpr auto longest_life = std::chrono::hours{24};
constexpr std::array<std::string_view, 2> journal_keys{"keep_bytes", "keep_days"};

constexpr std::array<SettingName, 15> settings{{{"members"},
                                                {"node"},
                                                {"key"},
                                                {"data"},
                                                {"listen"},
                                                {"listen_clients"},
                                                {"log"},
                                                {"worker.slots"},
                                                {"worker.capabilities", Form::yaml},
                                                {"worker.labels", Form::yaml},
                                                {"worker.trust"},
                                                {"worker.region"},
                                                {"worker.time_to_live"},
                                                {"journal.keep_bytes"},
                                                {"journal.keep_days"}}};

constexpr std::array<LogLevel, 4> log_levels{LogLevel::error, LogLevel::warning, LogLevel::info,
                                             LogLevel::debug};

class NodeReader {
 public:
  NodeReader(std::filesystem::path folder, const YamlNode& root, Problems& problems,
             Overrides& overrides)
      : folder_(std::move(folder)),
        root_(root),
        problems_(problems),
        overrides_(overrides),
        keys_(root, "a node", node_keys, {}, problems) {}

  NodeConfig read() {
    if (root_.kind != YamlNode::Kind::map) return std::move(config_);
    read_section("worker", worker_keys, worker_);
    read_section("journal", journal_keys, journal_);
    read_members();
    read_node();
    read_secret();
    if (const auto path = read_path("data", "the node's own directory")) config_.data = *path;
    read_listening("listen", &Member::address, config_.listen);
    read_listening("listen_clients", &Member::clients, config_.listen_clients);
    read_worker();
    read_journal();
    read_log();
    return std::move(config_);
  }

  /// Of the members' file.
  std::vector<Problem> take_members_errors() { return std::move(members_errors_); }

 private:
  void read_section(std::string_view key, std::span<const std::string_view> known,
                    std::optional<Keys>& section) {
    if (const auto* node = keys_.find(key)) section.emplace(*node, key, known, none_, problems_);
  }

  /// The environment's value, else the file's; nothing when neither has one.
  std::optional<Setting> find(std::string_view key) {
    if (auto given = overrides_.find(key)) return given;
    const std::size_t dot = key.find('.');
    const YamlNode* node = nullptr;
    if (dot == std::string_view::npos)
      node = keys_.find(key);
    else if (const auto& section = key.starts_with("worker.") ? worker_ : journal_)
      node = section->find(key.substr(dot + 1));
    if (node == nullptr) return std::nullopt;
    return Setting{node, &problems_};
  }

  /// Calls `read` with a value that can be read.
  template <class Read>
  void with(std::string_view key, Read read) {
    const auto setting = find(key);
    if (setting && setting->node != nullptr)
      read(*setting->node, ValueReader(*setting->problems), *setting->problems);
  }

  /// Likewise; reports when there is none.
  template <class Read>
  void with_required(std::string_view key, std::string_view meaning, Read read) {
    if (find(key))
      with(key, read);
    else
      keys_.require(key, meaning);
  }

  std::optional<std::filesystem::path> read_path(std::string_view key, std::string_view meaning) {
    std::optional<std::filesystem::path> path;
    with_required(key, meaning, [&](const YamlNode& node, const ValueReader& reader, Problems& to) {
      const auto text = reader.text(node, key);
      if (text && text->empty())
        to.error(node, std::string(key) + " is empty");
      else if (text)
        path = folder_ / *text;
    });
    return path;
  }

  void read_members() {
    const auto path = read_path("members", "the hive's file, such as hive.yaml");
    if (!path) return;
    auto reading = read_members_file(*path);
    members_errors_ = std::move(reading.errors);
    config_.members = std::move(reading.value);
    members_known_ = members_errors_.empty();
  }

  void read_node() {
    with_required("node", "which one of the members this is",
                  [&](const YamlNode& node, const ValueReader& reader, Problems& to) {
                    const auto name = reader.name(node, "the name of a node");
                    if (!name || !members_known_) return;
                    config_.node = *name;
                    self_ = config_.members.node(*name);
                    if (self_ == nullptr)
                      to.error(node, "the members of the hive have no node " + in_quotes(*name) +
                                         messages::did_you_mean(*name, names_of_members()));
                  });
  }

  std::vector<std::string_view> names_of_members() const {
    std::vector<std::string_view> names;
    for (const Member& member : config_.members.nodes) names.push_back(member.name);
    return names;
  }

  void read_secret() {
    const auto path = read_path("key", "the file with the node's secret key");
    if (!path) return;
    const Setting setting = *find("key");
    auto secret = read_secret_key(*path);
    if (!secret)
      return setting.problems->error(*setting.node, path->string() + ": " + secret.reason());
    config_.secret_key = std::move(secret).value();
    if (self_ == nullptr) return;
    const std::string key = sockets::public_key_of(config_.secret_key);
    if (key == self_->key) return;
    const auto& nodes = config_.members.nodes;
    const auto owner = std::find_if(nodes.begin(), nodes.end(),
                                    [&](const Member& member) { return member.key == key; });
    setting.problems->error(
        *setting.node,
        fmt::format("{} holds the secret key of {}, not that of '{}', whose public half is '{}'",
                    path->string(),
                    owner == nodes.end() ? "none of the members" : "'" + owner->name + "'",
                    self_->name, self_->key));
  }

  void read_listening(std::string_view key, std::optional<Address> Member::*reached,
                      std::optional<Address>& listening) {
    const bool is_worker = self_ != nullptr && self_->kind == MemberKind::worker;
    with(key, [&](const YamlNode& node, const ValueReader&, Problems& to) {
      if (is_worker)
        return to.error(node,
                        fmt::format("'{}' is for queens, and '{}' is a worker", key, self_->name));
      listening = read_listen_address(node, key, to);
      if (listening && listening == config_.listen && &listening != &config_.listen)
        to.error(node, "listen and listen_clients are the same address");
    });
    if (self_ == nullptr || is_worker || find(key)) return;
    listening = self_->*reached;
    if (is_named(*listening))
      keys_.require(key, fmt::format("where '{}' listens, such as tcp://*:{}; her address of the "
                                     "members is a name, which can't be listened on",
                                     self_->name, listening->port));
  }

  static messages::Duration read_life(const YamlNode& node, const ValueReader& reader,
                                      Problems& problems) {
    const auto life = reader.duration(node, "time_to_live").value_or(shortest_life);
    if (life < shortest_life || life > longest_life)
      problems.error(node, "the time to live of a worker is from 6s to 24h");
    return life;
  }

  void read_worker() {
    const bool is_worker = self_ != nullptr && self_->kind == MemberKind::worker;
    if (!is_worker && !worker_ && !overrides_.has_below("worker")) return;
    WorkerConfig& worker = config_.worker.emplace();
    with("worker.slots", [&](const YamlNode& node, const ValueReader& reader, Problems&) {
      worker.slots = reader.count(node, "slots", most_slots).value_or(0);
    });
    with("worker.capabilities", [&](const YamlNode& node, const ValueReader& reader, Problems& to) {
      worker.capabilities = read_capabilities(node, reader, to);
    });
    with("worker.labels", [&](const YamlNode& node, const ValueReader& reader, Problems& to) {
      worker.labels = read_labels(node, reader, to);
    });
    with("worker.trust", [&](const YamlNode& node, const ValueReader& reader, Problems&) {
      worker.trust = reader.number(node, "trust", 0, highest_trust).value_or(0);
    });
    with("worker.region", [&](const YamlNode& node, const ValueReader& reader, Problems&) {
      worker.region = reader.name(node, "a region").value_or("");
    });
    with("worker.time_to_live", [&](const YamlNode& node, const ValueReader& reader, Problems& to) {
      worker.time_to_live = read_life(node, reader, to);
    });
  }

  static std::vector<std::string> read_capabilities(const YamlNode& list, const ValueReader& reader,
                                                    Problems& problems) {
    std::vector<std::string> capabilities;
    if (list.kind != YamlNode::Kind::list)
      problems.error(list,
                     "capabilities is a list such as [exec], not " + std::string(kind_name(list)));
    else
      for (const YamlNode& node : list.parts)
        if (auto name = reader.name(node, "a capability")) capabilities.push_back(std::move(*name));
    return capabilities;
  }

  static std::map<std::string, std::string> read_labels(const YamlNode& map,
                                                        const ValueReader& reader,
                                                        Problems& problems) {
    std::map<std::string, std::string> labels;
    if (map.kind != YamlNode::Kind::map)
      problems.error(map, "labels is a map such as {zone: a}, not " + std::string(kind_name(map)));
    else
      map.entries([&](const YamlNode& key, const YamlNode& value) {
        const auto name = reader.name(key, "the name of a label");
        const auto text = reader.text(value, "a label");
        if (name && text) labels.emplace(*name, *text);
      });
    return labels;
  }

  void read_journal() {
    auto& journal = config_.journal;
    with("journal.keep_bytes", [&](const YamlNode& node, const ValueReader& reader, Problems&) {
      journal.keep_bytes = reader.size(node, "keep_bytes").value_or(journal.keep_bytes);
    });
    with("journal.keep_days", [&](const YamlNode& node, const ValueReader& reader, Problems&) {
      journal.keep_days =
          reader.number(node, "keep_days", 0, longest_keep_days).value_or(journal.keep_days);
    });
  }

  void read_log() {
    with("log", [&](const YamlNode& node, const ValueReader& reader, Problems& to) {
      const auto text = reader.text(node, "log");
      if (!text) return;
      for (const LogLevel level : log_levels)
        if (*text == name_of(level)) {
          config_.log = level;
          return;
        }
      to.error(node, "log is error, warning, info or debug, not " + in_quotes(*text));
    });
  }

  static constexpr std::span<const std::string_view> none_{};

  const std::filesystem::path folder_;
  const YamlNode& root_;
  Problems& problems_;
  Overrides& overrides_;
  const Keys keys_;
  std::optional<Keys> worker_, journal_;
  NodeConfig config_;
  std::vector<Problem> members_errors_;
  bool members_known_ = false;
  const Member* self_ = nullptr;  ///< once it is known
};

}  // namespace

std::string_view name_of(LogLevel level) {
  switch (level) {
    case LogLevel::error: return "error";
    case LogLevel::warning: return "warning";
    case LogLevel::info: return "info";
    case LogLevel::debug: return "debug";
  }
  return "";
}

const Member& NodeConfig::self() const {
  const Member* found = members.node(node);
  messages::ensure(found != nullptr, "a node is one of the members");
  return *found;
}

Reading<NodeConfig> read_node_file(const std::filesystem::path& path,
                                   const Environment& environment) {
  NodeConfig config;
  Overrides overrides(environment, settings);
  std::vector<Problem> of_members;
  auto findings =
      read_document_file(path, node_kind, [&](const YamlNode& root, Problems& problems) {
        NodeReader reader(path.parent_path(), root, problems, overrides);
        config = reader.read();
        of_members = reader.take_members_errors();
      });
  auto errors = std::move(findings.errors);
  for (auto& more : {of_members, overrides.take_errors()})
    errors.insert(errors.end(), more.begin(), more.end());
  return {std::move(config), std::move(errors)};
}

}  // namespace queenright::program
