#include "deploy/program/configuration/descriptions.hpp"

#include <fmt/format.h>

#include "deploy/program/document/values.hpp"

namespace queenright::program {
namespace {

using messages::Value;

std::string count_text(const HiveMembers& members) {
  const std::size_t queens = members.count(MemberKind::queen);
  const std::size_t workers = members.count(MemberKind::worker);
  return fmt::format("{} queen{}, {} worker{}", queens, queens == 1 ? "" : "s", workers,
                     workers == 1 ? "" : "s");
}

Value text_or_null(const std::optional<Address>& address) {
  return address ? Value(text_of(*address)) : Value();
}

std::int64_t milliseconds(messages::Duration duration) {
  return duration / std::chrono::milliseconds{1};
}

Value value_of(const Member& member) {
  Value::Map map{{"id", std::int64_t{member.id.value}},
                 {"name", member.name},
                 {"kind", std::string(name_of(member.kind))},
                 {"key", member.key}};
  if (member.address) map["address"] = text_of(*member.address);
  if (member.clients) map["clients"] = text_of(*member.clients);
  return map;
}

Value value_of(const WorkerConfig& worker) {
  Value::Map labels(worker.labels.begin(), worker.labels.end());
  return Value::Map{
      {"slots", worker.slots == 0 ? Value() : Value(std::int64_t{worker.slots})},
      {"capabilities", Value::List(worker.capabilities.begin(), worker.capabilities.end())},
      {"labels", std::move(labels)},
      {"trust", std::int64_t{worker.trust}},
      {"region", worker.region},
      {"time_to_live_milliseconds", milliseconds(worker.time_to_live)}};
}

}  // namespace

std::string text_of(const HiveMembers& members) {
  std::string text = fmt::format("hive {} ({}): {}; hello {}, lease {}\n", members.hive, members.id,
                                 count_text(members), duration_text(members.timing.hello),
                                 duration_text(members.timing.lease));
  for (const Member& member : members.nodes) {
    text += fmt::format("  {:>5}  {:<6}  {:<12}  {}", member.id.value, name_of(member.kind),
                        member.name, member.key);
    if (member.address) text += fmt::format("  {}", text_of(*member.address));
    if (member.clients) text += fmt::format("  clients {}", text_of(*member.clients));
    text += "\n";
  }
  for (const ClientMember& client : members.clients)
    text += fmt::format("         client  {:<12}  {}\n", client.name, client.key);
  return text;
}

std::string text_of(const ClientKeys& client) {
  std::string text = fmt::format("client {} of hive {} ({})\n  public key {}\n", client.client,
                                 client.hive, client.id, client.keys.public_key);
  for (const auto& queen : client.queens)
    text += fmt::format("  asks {} at {}\n", queen.name, text_of(queen.address));
  return text;
}

std::string text_of(const NodeConfig& config) {
  const Member& self = config.self();
  std::string text = fmt::format("{} {} ({}) of hive {}: {}", name_of(self.kind), self.name,
                                 self.id.value, config.members.hive, count_text(config.members));
  if (config.listen)
    text += fmt::format("; listens on {}, for clients on {}", text_of(*config.listen),
                        text_of(*config.listen_clients));
  if (config.worker)
    text += fmt::format("; works{}", config.worker->slots == 0
                                         ? ""
                                         : fmt::format(" in {} slots", config.worker->slots));
  return text + "; data in " + config.data.string() + "\n";
}

Value value_of(const HiveMembers& members) {
  Value::List nodes, clients;
  for (const Member& member : members.nodes) nodes.push_back(value_of(member));
  for (const ClientMember& client : members.clients)
    clients.push_back(Value::Map{{"name", client.name}, {"key", client.key}});
  return Value::Map{{"hive", members.hive},
                    {"id", members.id},
                    {"hello_milliseconds", milliseconds(members.timing.hello)},
                    {"lease_milliseconds", milliseconds(members.timing.lease)},
                    {"nodes", std::move(nodes)},
                    {"clients", std::move(clients)}};
}

Value value_of(const ClientKeys& client) {
  Value::List queens;
  for (const auto& queen : client.queens)
    queens.push_back(
        Value::Map{{"name", queen.name}, {"address", text_of(queen.address)}, {"key", queen.key}});
  return Value::Map{{"hive", client.hive},
                    {"id", client.id},
                    {"client", client.client},
                    {"public_key", client.keys.public_key},
                    {"queens", std::move(queens)}};
}

Value value_of(const NodeConfig& config) {
  return Value::Map{{"node", value_of(config.self())},
                    {"members", value_of(config.members)},
                    {"data", config.data.string()},
                    {"listen", text_or_null(config.listen)},
                    {"listen_clients", text_or_null(config.listen_clients)},
                    {"worker", config.worker ? value_of(*config.worker) : Value()},
                    {"keep_bytes", static_cast<std::int64_t>(config.journal.keep_bytes)},
                    {"keep_days", std::int64_t{config.journal.keep_days}},
                    {"log", std::string(name_of(config.log))}};
}

}  // namespace queenright::program
