#include "deploy/program/keys/keys_new.hpp"

#include <fmt/format.h>

#include <map>

#include "deploy/program/configuration/descriptions.hpp"
#include "deploy/program/document/problems.hpp"
#include "deploy/program/formats.hpp"
#include "deploy/program/say.hpp"

namespace queenright::program {
namespace {

using messages::Refusal;
using messages::Result;
using messages::Value;

constexpr std::string_view queen_prefix = "queen@";
constexpr std::uint16_t first_port = 7401;
constexpr std::uint16_t port_step = 10;  // between queens of one host
constexpr const char* default_client = "operator";

/// Reads one --node after the other, since ports are counted.
class NodeOptions {
 public:
  Result<NodeSpec> read(const std::string& option) {
    const std::size_t colon = option.find(':');
    NodeSpec node;
    node.name = option.substr(0, colon);
    node.data = "/var/lib/queenright/" + node.name;
    std::string_view rest =
        colon == std::string::npos ? "" : std::string_view(option).substr(colon + 1);
    if (rest == name_of(MemberKind::worker)) {
      node.kind = MemberKind::worker;
      return node;
    }
    if (!rest.starts_with(queen_prefix))
      return Refusal{fmt::format(
          "--node {}: write NAME:queen@HOST, NAME:queen@HOST:PORT or NAME:worker", option)};
    rest.remove_prefix(queen_prefix.size());
    return queen_at(std::string(rest), option, std::move(node));
  }

 private:
  Result<NodeSpec> queen_at(const std::string& host, const std::string& option, NodeSpec node) {
    const std::size_t bracket = host.rfind(']');
    const std::size_t colon = host.rfind(':');
    const bool has_port =
        colon != std::string::npos && (bracket == std::string::npos || colon > bracket);
    auto address = address_of("tcp://" + host + (has_port ? "" : ":" + std::to_string(first_port)));
    if (!address) return Refusal{fmt::format("--node {}: {}", option, address.reason())};
    node.address = std::move(address).value();
    std::uint32_t port = node.address->port;
    if (!has_port) port += port_step * queens_of_host_[node.address->host]++;
    if (port >= UINT16_MAX)
      return Refusal{fmt::format("--node {}: clients would get port {}, and 65535 is the last",
                                 option, port + 1)};
    node.address->port = static_cast<std::uint16_t>(port);
    node.clients = Address{node.address->host, static_cast<std::uint16_t>(port + 1)};
    return node;
  }

  std::map<std::string, std::uint32_t> queens_of_host_;
};

std::filesystem::path directory_of(const KeysNewOptions& options) {
  return options.directory.empty() ? std::filesystem::path(options.hive) : options.directory;
}

Value files_value(const std::vector<HiveFile>& files) {
  Value::List list;
  for (const HiveFile& file : files)
    list.push_back(Value::Map{{"name", file.name}, {"secret", file.secret}});
  return list;
}

void tell(const MadeHive& hive, const KeysNewOptions& options) {
  const auto directory = directory_of(options);
  const auto files = files_of(hive);
  const Format format = format_of(options.output);
  if (format != Format::human) {
    Value value = options.dry_run ? Value(Value::Map{}) : value_of(hive.members);
    auto& map = std::get<Value::Map>(value.kind());
    map["hive"] = options.hive;
    map["directory"] = directory.string();
    map["dry_run"] = options.dry_run;
    map["files"] = files_value(files);
    fmt::print("{}", formatted(value, format));
    return;
  }
  if (!options.dry_run) fmt::print("{}", text_of(hive.members));
  fmt::print("{} {}:\n", options.dry_run ? "would be made in" : "in", directory.string());
  for (const HiveFile& file : files)
    fmt::print("  {}{}\n", file.name, file.secret ? "  (secret)" : "");
}

}  // namespace

Result<HiveSpec> spec_of(const KeysNewOptions& options) {
  HiveSpec spec;
  spec.hive = options.hive;
  spec.clients =
      options.clients.empty() ? std::vector<std::string>{default_client} : options.clients;
  NodeOptions nodes;
  std::string reasons;
  for (const std::string& option : options.nodes) {
    auto node = nodes.read(option);
    if (node)
      spec.nodes.push_back(std::move(node).value());
    else
      reasons += (reasons.empty() ? "" : "; ") + node.reason();
  }
  if (!reasons.empty()) return Refusal{reasons};
  return spec;
}

ExitCode make_keys(const KeysNewOptions& options) {
  const auto spec = spec_of(options);
  if (!spec) throw Failure(ExitCode::usage, spec.reason());
  const auto hive = make_hive(spec.value());
  if (!hive) throw Failure(ExitCode::usage, hive.reason());
  const auto directory = directory_of(options);
  if (const auto refusal = refuses_hive(directory)) throw Failure(ExitCode::usage, refusal->reason);
  if (!options.dry_run)
    if (const auto refusal = write_hive(hive.value(), directory))
      throw Failure(ExitCode::usage, refusal->reason);
  tell(hive.value(), options);
  const std::string& node = spec.value().nodes.front().name;
  if (!options.dry_run)
    say("queenright: copy hive.yaml, {}.yaml and {}.key to the host of {} (and so for each node); "
        "'queenright node --config {}.yaml --check' checks them\n",
        node, node, node, node);
  return ExitCode::success;
}

}  // namespace queenright::program
