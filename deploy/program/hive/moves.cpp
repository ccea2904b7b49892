#include "deploy/program/hive/moves.hpp"

#include <fmt/format.h>

#include <chrono>
#include <thread>

#include "deploy/program/client/hive_mode.hpp"
#include "deploy/program/failure.hpp"
#include "deploy/program/hive/hive_view.hpp"
#include "deploy/program/random_key.hpp"
#include "deploy/program/run/submission.hpp"
#include "deploy/program/say.hpp"

namespace queenright::program {

using messages::CircuitId;
using messages::Value;

namespace {

constexpr auto look_again_after = std::chrono::milliseconds{50};
constexpr auto patience = std::chrono::seconds{10};

struct Member {
  std::int64_t id;
  std::string name;
  bool is_worker;
};

Member member_of(RemoteHive& hive, const std::string& wanted) {
  std::string known;
  const Value nodes = nodes_of(hive);
  for (const auto& one : *nodes.list()) {
    const auto& node = *one.map();
    const Member member{*node.at("id").integer(), *node.at("name").text(),
                        *node.at("kind").text() == "worker"};
    const auto id = std::to_string(member.id);
    const auto role = (member.is_worker ? "worker@" : "queen@") + id;  // as reports call it
    if (wanted == member.name || wanted == id || wanted == role) return member;
    known += (known.empty() ? "" : ", ") + member.name;
  }
  throw Failure(ExitCode::not_found,
                "there is no node '" + wanted + "' in this hive; it has " + known);
}

/// What has not moved away yet.
struct Remains {
  std::int64_t circuits{};
  std::int64_t tasks{};
  bool operator==(const Remains&) const = default;
};

Remains remains_at(RemoteHive& hive, const Member& member) {
  Remains found;
  const std::string worker = "worker@" + std::to_string(member.id);
  const Value circuits = circuits_seen(hive);
  for (const auto& one : *circuits.list()) {
    const auto* root = one.map()->at("root").integer();
    if (root != nullptr && *root == member.id) ++found.circuits;
    const CircuitId circuit{static_cast<std::uint64_t>(*one.map()->at("circuit").integer())};
    if (!member.is_worker || circuit == messages::hive_circuit) continue;
    const auto answer = hive.client().ask(messages::Read{circuit, {random_key(), 0}, false});
    if (!answer.refused.empty()) continue;  // it is over by now
    const auto running = answer.value.map()->find("running");
    if (running == answer.value.map()->end()) continue;
    const auto tasks = running->second.map()->find(worker);
    if (tasks != running->second.map()->end()) found.tasks += *tasks->second.integer();
  }
  return found;
}

std::string text_of(const Remains& remains) {
  return fmt::format("{} circuit{} led there, {} task{} running there", remains.circuits,
                     remains.circuits == 1 ? "" : "s", remains.tasks,
                     remains.tasks == 1 ? "" : "s");
}

Value described(const Member& member, bool draining, const Remains& remains,
                const MoveOptions& options) {
  return Value::Map{
      {"node", member.id},          {"name", member.name},          {"draining", draining},
      {"dry_run", options.dry_run}, {"circuits", remains.circuits}, {"tasks", remains.tasks}};
}

/// Gives what the circuit has made of it.
Value submit_to(RemoteHive& hive, CircuitId circuit, messages::Command command,
                const std::string& what) {
  auto reply = hive.client().ask({circuit, {what + "/" + random_key(), 0}, std::move(command)});
  require(reply, what);
  return std::move(reply.result);
}

struct Lead {
  Value root;
  Value epoch;
};

Lead lead_of(RemoteHive& hive, CircuitId circuit) {
  const Value circuits = circuits_seen(hive);
  for (const auto& one : *circuits.list())
    if (*one.map()->at("circuit").integer() == static_cast<std::int64_t>(circuit.value))
      return {one.map()->at("root"), one.map()->at("epoch")};
  throw Failure(ExitCode::not_found, fmt::format("there is no open circuit {}", circuit.value));
}

}  // namespace

Value drain_node(RemoteHive& hive, const std::string& node, const MoveOptions& options) {
  const Member member = member_of(hive, node);
  Remains remains = remains_at(hive, member);
  if (options.dry_run) return described(member, false, remains, options);
  const messages::NodeId id{static_cast<messages::NodeId::number_type>(member.id)};
  submit_to(hive, messages::hive_circuit, messages::DrainNode{id, options.reason}, "the drain");
  auto since = std::chrono::steady_clock::now();
  for (Remains told; options.wait;) {
    remains = remains_at(hive, member);
    if (remains == Remains{}) break;
    const auto now = std::chrono::steady_clock::now();
    if (remains != told) since = now;
    if (remains.tasks == 0 && now - since > patience)
      throw Failure(
          ExitCode::unavailable,
          member.name +
              " stays drained, but no other queen could take the lead so far: " + text_of(remains));
    if (!options.quiet && remains != told)
      say("queenright: {} is being drained: {}\n", member.name, text_of(remains));
    told = remains;
    std::this_thread::sleep_for(look_again_after);
  }
  return described(member, true, remains, options);
}

Value undrain_node(RemoteHive& hive, const std::string& node, const MoveOptions& options) {
  const Member member = member_of(hive, node);
  const messages::NodeId id{static_cast<messages::NodeId::number_type>(member.id)};
  if (!options.dry_run)
    submit_to(hive, messages::hive_circuit, messages::UndrainNode{id}, "the end of the drain");
  return described(member, options.dry_run, remains_at(hive, member), options);
}

Value demote_root(RemoteHive& hive, CircuitId circuit, const MoveOptions& options) {
  const Lead before = lead_of(hive, circuit);
  Lead now = before;
  if (!options.dry_run) {
    submit_to(hive, circuit, messages::HandOver{options.reason}, "the demotion");
    const auto until = std::chrono::steady_clock::now() + patience;
    while (options.wait && (now.epoch == before.epoch || now.root == Value())) {
      if (std::chrono::steady_clock::now() > until)
        throw Failure(ExitCode::unavailable, "no other queen could take the lead so far");
      std::this_thread::sleep_for(look_again_after);
      now = lead_of(hive, circuit);
    }
  }
  return Value::Map{{"circuit", static_cast<std::int64_t>(circuit.value)},
                    {"from", before.root},
                    {"root", now.root},
                    {"epoch", now.epoch}};
}

Value set_mode(RemoteHive& hive, messages::HiveMode mode, const MoveOptions& options) {
  const Value was = mode_of(hive);
  const std::string reason = options.reason.empty() ? "its operator wants it" : options.reason;
  if (!options.dry_run)
    submit_to(hive, messages::hive_circuit, messages::SetMode{mode, reason}, "the mode");
  return Value::Map{{"mode", std::string(name_of(mode))}, {"was", was}, {"reason", reason}};
}

Value send_heartbeat(RemoteHive& hive, std::optional<messages::Duration> within, bool dry_run) {
  const Value was = mode_of(hive);
  if (dry_run) return Value::Map{{"mode", was}, {"was", was}};
  const Value now =
      submit_to(hive, messages::hive_circuit, messages::Heartbeat{within}, "the heartbeat");
  return Value::Map{{"mode", now}, {"was", was}};
}

std::string mode_text(const Value& set) {
  return fmt::format("the hive's mode is {}, and was {}\n", *set.map()->at("mode").text(),
                     *set.map()->at("was").text());
}

std::string drained_text(const Value& drained) {
  const auto& node = *drained.map();
  const Remains remains{*node.at("circuits").integer(), *node.at("tasks").integer()};
  const bool draining = *node.at("draining").boolean();
  const auto& name = *node.at("name").text();
  if (*node.at("dry_run").boolean())
    return fmt::format("{} as it is: {}; nothing was changed\n", name, text_of(remains));
  if (!draining) return fmt::format("{} may lead and work again\n", name);
  if (remains == Remains{}) return fmt::format("{} is drained: nothing is left there\n", name);
  return fmt::format("{} is being drained: {}\n", name, text_of(remains));
}

std::string demoted_text(const Value& demoted) {
  const auto named = [&](const char* which) {
    const auto* queen = demoted.map()->at(which).integer();
    return queen == nullptr ? std::string("nobody") : "queen " + std::to_string(*queen);
  };
  return fmt::format("circuit {}: {} led it, {} leads it, epoch {}\n",
                     *demoted.map()->at("circuit").integer(), named("from"), named("root"),
                     *demoted.map()->at("epoch").integer());
}

}  // namespace queenright::program
