#include "deploy/program/records/run_history.hpp"

#include <map>
#include <utility>

#include "actors/roles/catalogue.hpp"
#include "actors/roles/circuit/circuit.hpp"
#include "deploy/program/records/kept_runs.hpp"
#include "persistence/replay.hpp"

namespace queenright::program {

using messages::CircuitId;
using messages::Envelope;
using messages::LogIndex;
using messages::Refusal;
using messages::Result;
using messages::RunEvent;
using persistence::ActiveRole;
using persistence::Recording;

namespace {

/// Collects what a circuit tells its queen, each entry once.
class History : public persistence::ReplayWatcher {
 public:
  explicit History(LogIndex since) : since_(since) {}

  /// It begins where a snapshot stands, or goes on at one of another queen.
  void begins_at(LogIndex applied) { has_gap_ = has_gap_ || applied > since_; }

  void taking(messages::Position, const ActiveRole& active, const messages::Input& input) override {
    const auto& circuit = dynamic_cast<const roles::ReplicatedRole&>(*active.role);
    const auto* envelope = std::get_if<Envelope>(&input.body);
    if (envelope == nullptr) return;
    for (const auto& item : envelope->items)
      if (const auto* restore = std::get_if<messages::Restore>(&item))
        if (restore->applied > circuit.progress().applied) begins_at(restore->applied);
  }

  void took(const ActiveRole&, const std::vector<messages::Effect>& effects,
            const std::vector<std::uint64_t>&) override {
    for (const auto& effect : effects)
      if (const auto* send = std::get_if<messages::Send>(&effect.body))
        for (const auto& item : send->items)
          if (const auto* applied = std::get_if<messages::Applied>(&item)) take(*applied);
  }

  bool has_gap() const { return has_gap_; }

  std::vector<RunEvent> taken() {
    std::vector<RunEvent> all;
    for (auto& [index, events] : events_)
      for (auto& event : events) all.push_back(std::move(event));
    return all;
  }

 private:
  void take(const messages::Applied& applied) {
    for (const auto& entry : applied.entries) {
      if (entry.index <= since_ || entry.events.empty()) continue;
      const auto [place, fresh] = events_.try_emplace(entry.index, entry.events);
      if (fresh)
        for (auto& event : place->second) event.index = entry.index;
    }
  }

  const LogIndex since_;
  bool has_gap_ = false;
  std::map<LogIndex, std::vector<RunEvent>> events_;
};

bool has_ended(const ActiveRole& active) {
  const auto& circuit = dynamic_cast<const roles::Circuit&>(*active.role);
  return !circuit.quarantined().empty() || messages::is_over(circuit.state().status);
}

Result<std::vector<RunEvent>> history_in(const Recording& recording, CircuitId circuit,
                                         LogIndex since, bool is_over) {
  const auto role = messages::circuit_role(circuit);
  const roles::RoleCatalogue catalogue{roles::embedded_supervision()};
  persistence::Replay replay(catalogue, recording);
  History history(since);
  replay.only(role);
  replay.watched_by(history);
  const auto base = recording.base_snapshots();
  if (!base) return Refusal{base.reason()};
  std::vector<persistence::Snapshot> starts;
  for (const auto& snapshot : base.value())
    if (snapshot.role == role) starts.push_back(snapshot);
  auto replayed = replay.start_from(starts);
  if (!replayed) return Refusal{replayed.reason()};
  for (const auto& [id, start] : replay.roles())
    history.begins_at(dynamic_cast<const roles::Circuit&>(*start.role).progress().applied);
  replayed = replay.run({});
  if (!replayed) return Refusal{replayed.reason()};
  if (replay.divergence()) return Refusal{replay.divergence()->what};
  const auto live = replay.roles().find(role);
  const auto* active = live != replay.roles().end() ? &live->second : replay.retired();
  if (active == nullptr) return Refusal{"this node's journal holds nothing of " + name_of(role)};
  if (is_over && !has_ended(*active))
    return Refusal{"this node has not been told the end of " + name_of(role) + " yet"};
  if (history.has_gap()) return Refusal{"this node was not told all of " + name_of(role)};
  return history.taken();
}

}  // namespace

Result<std::vector<RunEvent>> history_of_run(const Recording& journal,
                                             const std::filesystem::path& data,
                                             const roles::HiveState& hive, CircuitId circuit,
                                             LogIndex since) {
  const auto kept = open_kept_slice(data, circuit);
  if (!kept) return Refusal{kept.reason()};
  return history_in(kept.value() ? *kept.value() : journal, circuit, since,
                    messages::is_over(hive.runs.at(circuit).status));
}

}  // namespace queenright::program
