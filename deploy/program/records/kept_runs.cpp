#include "deploy/program/records/kept_runs.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <utility>

#include "actors/roles/catalogue.hpp"
#include "actors/roles/circuit/circuit.hpp"
#include "actors/roles/report.hpp"
#include "persistence/recording_file.hpp"
#include "persistence/replay.hpp"

namespace queenright::program {

using messages::CircuitId;
using messages::Refusal;
using messages::Result;
using messages::RoleId;
using messages::RoleKind;
using messages::Value;
using persistence::Block;
using persistence::BlockNumber;
using persistence::Recording;
using persistence::Replay;
using persistence::Snapshot;

namespace {

constexpr std::size_t slices_a_scan = 100;  // each is an open file, and a block in memory

const roles::RoleCatalogue& catalogue() {
  static const roles::RoleCatalogue all{roles::embedded_supervision()};
  return all;
}

std::vector<Snapshot> of_role(const std::vector<Snapshot>& snapshots, RoleId role) {
  std::vector<Snapshot> found;
  std::copy_if(snapshots.begin(), snapshots.end(), std::back_inserter(found),
               [&](const Snapshot& snapshot) { return snapshot.role == role; });
  return found;
}

/// Steps one role to the end of the recording.
Result<bool> follow(Replay& replay, const Result<std::vector<Snapshot>>& snapshots, RoleId role) {
  if (!snapshots) return Refusal{snapshots.reason()};
  replay.only(role);
  auto replayed = replay.start_from(of_role(snapshots.value(), role));
  if (replayed) replayed = replay.run({});
  if (!replayed) return Refusal{replayed.reason()};
  if (replay.divergence())
    return Refusal{name_of(role) + " does not replay: " + replay.divergence()->what};
  return true;
}

/// The circuits of runs that have inputs before `keep`.
Result<std::set<CircuitId>> circuits_before(const Recording& recording, BlockNumber keep) {
  std::set<CircuitId> found;
  const auto scanned = recording.scan({}, [&](const Block& block) {
    if (block.header().number >= keep) return false;
    return static_cast<bool>(
        block.for_each([&](messages::Position, const persistence::Record& record) {
          if (record.role.kind == RoleKind::circuit && record.role.number != 0)
            found.insert({record.role.number});
          return true;
        }));
  });
  if (!scanned) return Refusal{scanned.reason()};
  return found;
}

using Look = std::function<Result<Value>(const roles::Circuit& run)>;

/// `look` at a run's circuit where its recording ends.
Result<Value> look_at(const Recording& recording, CircuitId circuit, const Look& look) {
  const RoleId role = messages::circuit_role(circuit);
  Replay replay(catalogue(), recording);
  const auto newest = recording.newest_snapshots();
  const bool goes_on =
      newest && !of_role(newest.value(), role).empty();  // one that is over has none
  const auto followed = follow(replay, goes_on ? newest : recording.base_snapshots(), role);
  if (!followed) return Refusal{followed.reason()};
  const auto live = replay.roles().find(role);
  const auto* active = live != replay.roles().end() ? &live->second : replay.retired();
  if (active == nullptr) return Refusal{"the journal holds nothing of " + name_of(role)};
  return look(dynamic_cast<const roles::Circuit&>(*active->role));
}

/// All that the circuits of these runs were told, in one scan.
Result<bool> export_runs(const Recording& recording,
                         const std::map<CircuitId, std::filesystem::path>& files) {
  if (files.empty()) return true;
  const auto base = recording.base_snapshots();
  if (!base) return Refusal{base.reason()};
  std::map<RoleId, std::unique_ptr<persistence::SliceWriter>> slices;
  for (const auto& [circuit, file] : files) {
    persistence::SliceHeader header;
    header.role = messages::circuit_role(circuit);
    if (const auto start = of_role(base.value(), header.role); !start.empty())
      header.start = start[0];
    auto created = persistence::SliceWriter::create(file, header);
    if (!created) return Refusal{created.reason()};
    slices[header.role] = std::move(created).value();
  }
  const auto scanned = recording.scan({}, [&](const Block& block) {
    return static_cast<bool>(
        block.for_each([&](messages::Position, const persistence::Record& record) {
          if (const auto slice = slices.find(record.role); slice != slices.end())
            slice->second->append(record);
          return true;
        }));
  });
  if (!scanned) return Refusal{scanned.reason()};
  for (auto& [role, slice] : slices)
    if (const auto wrong = slice->finish()) return *wrong;
  return true;
}

}  // namespace

Result<roles::HiveState> hive_of(const Recording& recording) {
  const RoleId hive = messages::circuit_role(messages::hive_circuit);
  Replay replay(catalogue(), recording);
  const auto followed = follow(replay, recording.newest_snapshots(), hive);
  if (!followed) return Refusal{followed.reason()};
  const auto role = replay.roles().find(hive);
  if (role == replay.roles().end()) return roles::HiveState{};
  return dynamic_cast<const roles::Hive&>(*role->second.role).state();
}

std::optional<CircuitId> find_run(const roles::HiveState& hive, const std::string& run) {
  for (const auto& [circuit, record] : hive.runs)
    if (record.run == run || std::to_string(circuit.value) == run) return circuit;
  return std::nullopt;
}

Result<Value> report_of_run(const Recording& journal, const std::filesystem::path& data,
                            CircuitId circuit) {
  const auto kept = open_kept_slice(data, circuit);
  if (!kept) return Refusal{kept.reason()};
  return look_at(kept.value() ? *kept.value() : journal, circuit,
                 [&](const roles::Circuit& run) -> Result<Value> {
                   return run.quarantined().empty()
                              ? roles::report_of(run.state())
                              : roles::report_of_quarantined(circuit, run.quarantined());
                 });
}

Result<roles::CircuitState> state_of_run(const Recording& journal,
                                         const std::filesystem::path& data, CircuitId circuit) {
  const auto kept = open_kept_slice(data, circuit);
  if (!kept) return Refusal{kept.reason()};
  roles::CircuitState state;
  const auto looked = look_at(kept.value() ? *kept.value() : journal, circuit,
                              [&](const roles::Circuit& run) -> Result<Value> {
                                if (!run.quarantined().empty())
                                  return Refusal{"quarantined: " + run.quarantined()};
                                state = run.state();
                                return Value();
                              });
  if (!looked) return Refusal{looked.reason()};
  return state;
}

Result<std::unique_ptr<Recording>> open_kept_slice(const std::filesystem::path& data,
                                                   CircuitId circuit) {
  const auto file = kept_slice(data, circuit);
  if (!std::filesystem::exists(file)) return std::unique_ptr<Recording>();
  auto slice = persistence::open_recording(file);
  if (!slice) return Refusal{slice.reason()};
  return std::move(std::move(slice).value().recording);
}

Result<bool> export_run(const Recording& recording, CircuitId circuit,
                        const std::filesystem::path& file) {
  return export_runs(recording, {{circuit, file}});
}

std::filesystem::path kept_slice(const std::filesystem::path& data, CircuitId circuit) {
  return data / "runs" / ("circuit-" + std::to_string(circuit.value) + ".slice");
}

Result<bool> drop_old_blocks(persistence::Journal& journal, const std::filesystem::path& data,
                             const persistence::RetentionLimits& limits, messages::WallTime now) {
  const auto newest = journal.newest_snapshots();
  if (!newest) return Refusal{newest.reason()};
  const auto needed = persistence::needed_after(newest.value(), journal.tail());
  const auto keep = persistence::oldest_to_keep(journal, limits, needed, now);
  if (!keep) return Refusal{keep.reason()};
  if (keep.value() <= journal.first()) return true;
  const auto circuits = circuits_before(journal, keep.value());
  if (!circuits) return Refusal{circuits.reason()};
  std::filesystem::create_directories(data / "runs");
  std::map<CircuitId, std::filesystem::path> files;
  for (const auto circuit : circuits.value()) {
    const bool open = !of_role(newest.value(), messages::circuit_role(circuit)).empty();
    const auto file = kept_slice(data, circuit);
    if (!open && !std::filesystem::exists(file)) files[circuit] = file;
    if (files.size() < slices_a_scan) continue;
    if (const auto kept = export_runs(journal, files); !kept) return kept;
    files.clear();
  }
  if (const auto kept = export_runs(journal, files); !kept) return kept;
  journal.drop_before(keep.value());
  return true;
}

}  // namespace queenright::program
