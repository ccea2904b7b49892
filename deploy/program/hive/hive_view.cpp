#include "deploy/program/hive/hive_view.hpp"

#include <fmt/format.h>

#include <chrono>
#include <map>
#include <thread>

#include "deploy/program/client/hive_mode.hpp"
#include "deploy/program/columns.hpp"
#include "deploy/program/failure.hpp"
#include "deploy/program/random_key.hpp"

namespace queenright::program {

using messages::Inspected;
using messages::Value;

namespace {

constexpr auto patience = std::chrono::seconds{5};
constexpr auto leave_after = std::chrono::seconds{2};  // a queen who knows of no root
constexpr auto look_again_after = std::chrono::milliseconds{20};
constexpr std::size_t widest_run = 40;   // then the rest of its line has room
constexpr std::size_t widest_node = 30;  // likewise

Value inspect(RemoteHive& hive, Inspected what, messages::CircuitId circuit = {}) {
  auto answer = hive.client().ask(messages::Inspect{{random_key(), 0}, what, circuit});
  if (!answer.refused.empty()) throw Failure(ExitCode::unavailable, answer.refused);
  return std::move(answer.value);
}

/// The hive circuit as its root has it; one who is about to be elected is waited for, also at
/// another queen.
Value read_hive(RemoteHive& hive) {
  const auto since = std::chrono::steady_clock::now();
  auto leave_at = since + leave_after;
  for (;;) {
    auto answer =
        hive.client().ask(messages::Read{messages::hive_circuit, {random_key(), 0}, false});
    if (answer.refused.empty()) return std::move(answer.value);
    if (std::chrono::steady_clock::now() - since > patience)
      throw Failure(ExitCode::unavailable, answer.refused);
    if (std::chrono::steady_clock::now() >= leave_at) {
      hive.move_on();
      leave_at = std::chrono::steady_clock::now() + leave_after;
    }
    std::this_thread::sleep_for(look_again_after);
  }
}

struct KnownRun {
  Value name;
  Value status;
};

std::map<std::int64_t, KnownRun> known_runs(RemoteHive& hive) {
  std::map<std::int64_t, KnownRun> known;
  const Value runs = hive.ask("runs", {});
  for (const auto& run : *runs.list())
    known[*run.map()->at("circuit").integer()] = {run.map()->at("run"), run.map()->at("status")};
  return known;
}

std::string shown(const Value& value) {
  if (const auto* text = value.text()) return printable(*text);
  if (const auto* number = value.integer()) return std::to_string(*number);
  return "-";
}

/// A queen without a majority refuses more than any mode does.
Value mode_seen(const Value& found, const Value& commanded) {
  return *found.text() == "degraded" ? found : commanded;
}

}  // namespace

Value circuits_seen(RemoteHive& hive) { return inspect(hive, Inspected::circuits); }

Value circuits_of(RemoteHive& hive) {
  auto runs = known_runs(hive);
  const Value mode = mode_of(hive);
  Value::List circuits;
  const Value seen = circuits_seen(hive);
  for (const auto& one : *seen.list()) {
    const auto& circuit = *one.map();
    const auto& run = runs[*circuit.at("circuit").integer()];
    const bool is_hive = *circuit.at("circuit").integer() == 0;
    circuits.push_back(
        Value::Map{{"circuit", circuit.at("circuit")},
                   {"run", run.name},
                   {"root", circuit.at("root")},
                   {"epoch", circuit.at("epoch")},
                   {"state", is_hive ? mode_seen(circuit.at("mode"), mode) : run.status},
                   {"refuses", circuit.at("refuses")}});
  }
  return circuits;
}

Value explanation_of(RemoteHive& hive, messages::CircuitId circuit) {
  if (circuit != messages::hive_circuit &&
      !known_runs(hive).contains(static_cast<std::int64_t>(circuit.value)))
    throw Failure(ExitCode::not_found,
                  fmt::format("there is no circuit {}, and was none; 'queenright "
                              "circuits list' shows those that are open",
                              circuit.value));
  return inspect(hive, Inspected::circuit, circuit);
}

Value tree_of(RemoteHive& hive) { return inspect(hive, Inspected::tree); }

Value workers_of(RemoteHive& hive) {
  const Value summary = read_hive(hive);
  const auto found = summary.map()->find("workers");
  return found == summary.map()->end() ? Value(Value::Map{}) : found->second;
}

Value nodes_of(RemoteHive& hive) {
  const Value known = hive_as_known(hive);
  const auto* seen = known.map();
  std::map<std::int64_t, Value> leads_not;
  const Value queens = inspect(hive, Inspected::queens);
  for (const auto& queen : *queens.list())
    leads_not[*queen.map()->at("queen").integer()] = queen.map()->at("leads_not");
  Value::List nodes;
  const Value asked = hive.ask("nodes", {});
  for (const auto& one : *asked.list()) {
    auto node = *one.map();
    node["draining"] = Value();
    node["leads_not"] = leads_not[*node.at("id").integer()];
    if (seen != nullptr && seen->contains("draining")) {
      const auto& draining = *seen->at("draining").map();
      const auto reason = draining.find(std::to_string(*node.at("id").integer()));
      if (reason != draining.end()) node["draining"] = reason->second;
    }
    nodes.push_back(std::move(node));
  }
  return nodes;
}

std::optional<messages::NodeId> root_of(RemoteHive& hive) {
  const Value seen = circuits_seen(hive);
  for (const auto& one : *seen.list()) {
    if (*one.map()->at("circuit").integer() != 0) continue;
    if (const auto* root = one.map()->at("root").integer())
      return messages::NodeId{static_cast<std::uint16_t>(*root)};
  }
  return std::nullopt;
}

std::string circuits_text(const Value& circuits) {
  std::size_t width = 24;
  for (const auto& one : *circuits.list())
    width = width_with(width, shown(one.map()->at("run")), widest_run);
  std::string out = fmt::format("{:>8}  {:<{}} {:>5} {:>6}  {}\n", "CIRCUIT", "RUN", width, "ROOT",
                                "EPOCH", "STATE");
  for (const auto& one : *circuits.list()) {
    const auto& circuit = *one.map();
    const auto& refuses = circuit.at("refuses");
    const auto state = shown(circuit.at("state")) +
                       (refuses.text() == nullptr ? "" : "; refuses: " + *refuses.text());
    out += fmt::format("{:>8}  {} {:>5} {:>6}  {}", shown(circuit.at("circuit")),
                       cell(shown(circuit.at("run")), 10, width), shown(circuit.at("root")),
                       shown(circuit.at("epoch")), last_cell(state, width + 25));
  }
  return out;
}

std::string tree_text(const Value& tree) {
  std::string out = fmt::format("{:>11}  {:>10}  {}\n", "FROM QUEEN", "BY QUEEN", "COST");
  for (const auto& one : *tree.list()) {
    const auto& way = *one.map();
    out += fmt::format("{:>11}  {:>10}  {}\n", shown(way.at("source")), shown(way.at("parent")),
                       shown(way.at("cost")));
  }
  return out;
}

std::string nodes_text(const Value& nodes) {
  std::size_t width = 12;
  for (const auto& one : *nodes.list())
    width = width_with(width, shown(one.map()->at("name")), widest_node);
  std::string out = fmt::format("{:>4}  {:<{}} {:<8} {:<8} {:<10}  {}\n", "ID", "NAME", width,
                                "KIND", "HEARD", "ROUND TRIP", "DRAINED, OR LEADS NOT");
  for (const auto& one : *nodes.list()) {
    const auto& node = *one.map();
    const auto* round_trip = node.at("round_trip_microseconds").integer();
    const auto why =
        shown(node.at("draining") == Value() ? node.at("leads_not") : node.at("draining"));
    out += fmt::format("{:>4}  {} {:<8} {:<8} {:<10}  {}", shown(node.at("id")),
                       cell(shown(node.at("name")), 6, width), shown(node.at("kind")),
                       *node.at("heard").boolean() ? "yes" : "no",
                       round_trip == nullptr ? "-" : fmt::format("{} us", *round_trip),
                       last_cell(why, width + 37));
  }
  return out;
}

std::string workers_text(const Value& workers) {
  std::string out =
      fmt::format("{:<12} {:<10} {:>5}  {}\n", "WORKER", "STANDING", "SLOTS", "CAPABILITIES");
  for (const auto& [name, record] : *workers.map()) {
    std::string capabilities;
    for (const auto& capability : *record.map()->at("capabilities").list())
      capabilities += (capabilities.empty() ? "" : ", ") + shown(capability);
    out += fmt::format("{:<12} {:<10} {:>5}  {}", name, shown(record.map()->at("standing")),
                       shown(record.map()->at("slots")), last_cell(capabilities, 31));
  }
  return out;
}

}  // namespace queenright::program
