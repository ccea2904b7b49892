#include "deploy/program/configuration/config_changes.hpp"

#include <algorithm>

namespace queenright::program {
namespace {

class Comparison {
 public:
  std::vector<ConfigChange> of(const NodeConfig& now, const NodeConfig& wanted) {
    compare_members(now.members, wanted.members);
    compare(now.node, wanted.node, "node", "it would be another node: start that one");
    compare(now.secret_key, wanted.secret_key, "key",
            "its links are open under this key: restart the node");
    compare(now.data, wanted.data, "data", "its journal is open there: restart the node");
    compare(now.listen, wanted.listen, "listen", "it listens there: restart the node");
    compare(now.listen_clients, wanted.listen_clients, "listen_clients",
            "it listens there: restart the node");
    compare_workers(now.worker, wanted.worker);
    compare(now.journal.keep_bytes, wanted.journal.keep_bytes, "journal.keep_bytes", "");
    compare(now.journal.keep_days, wanted.journal.keep_days, "journal.keep_days", "");
    compare(now.log, wanted.log, "log", "");
    return std::move(changes_);
  }

 private:
  template <class Value>
  void compare(const Value& now, const Value& wanted, const std::string& key,
               const std::string& hinders) {
    if (!(now == wanted)) changes_.push_back({key, hinders});
  }

  void compare_members(const HiveMembers& now, const HiveMembers& wanted) {
    static constexpr auto another = "it would be another hive, and the journal is of this one";
    compare(now.hive, wanted.hive, "members.hive", another);
    compare(now.id, wanted.id, "members.id", another);
    compare(now.timing, wanted.timing, "members.timing",
            "leases count on the same timing at every node: stop all nodes, then start them");
    for (const Member& member : now.nodes) compare_member(member, wanted.node(member.name));
    for (const Member& member : wanted.nodes)
      if (now.node(member.name) == nullptr)
        changes_.push_back({"members.nodes." + member.name,
                            member.kind == MemberKind::worker ? "" : other_queens});
    compare_clients(now.clients, wanted.clients);
  }

  void compare_member(const Member& now, const Member* wanted) {
    const bool queen = now.kind == MemberKind::queen;
    if (wanted == nullptr || now.kind != wanted->kind)
      changes_.push_back({"members.nodes." + now.name,
                          queen ? other_queens : "its links may be open: restart the nodes"});
    else
      compare(now, *wanted, "members.nodes." + now.name,
              "links to it are open under its id, address and key: restart the nodes");
  }

  void compare_clients(const std::vector<ClientMember>& now,
                       const std::vector<ClientMember>& wanted) {
    for (const ClientMember& client : now)
      if (std::find(wanted.begin(), wanted.end(), client) == wanted.end())
        changes_.push_back({"members.clients." + client.name,
                            "it may be connected under its key: restart the nodes"});
    for (const ClientMember& client : wanted) {
      const bool known = std::any_of(now.begin(), now.end(),
                                     [&](const auto& other) { return other.name == client.name; });
      if (!known) changes_.push_back({"members.clients." + client.name, ""});
    }
  }

  void compare_workers(const std::optional<WorkerConfig>& now,
                       const std::optional<WorkerConfig>& wanted) {
    if (now.has_value() != wanted.has_value())
      changes_.push_back({"worker", "roles are made when a node starts: restart it"});
    if (!now || !wanted) return;
    static constexpr auto placed =
        "attempts that run here were placed by it: drain the node, then restart it";
    compare(now->slots, wanted->slots, "worker.slots", placed);
    compare(now->capabilities, wanted->capabilities, "worker.capabilities", placed);
    compare(now->labels, wanted->labels, "worker.labels", placed);
    compare(now->trust, wanted->trust, "worker.trust", placed);
    compare(now->region, wanted->region, "worker.region", placed);
    compare(now->time_to_live, wanted->time_to_live, "worker.time_to_live", placed);
  }

  static constexpr auto other_queens =
      "majorities count on the same queens at every node: stop all nodes, then start them";

  std::vector<ConfigChange> changes_;
};

}  // namespace

std::vector<ConfigChange> changes_between(const NodeConfig& now, const NodeConfig& wanted) {
  return Comparison().of(now, wanted);
}

}  // namespace queenright::program
