#include "sim/recordings.hpp"

#include "actors/roles/catalogue.hpp"
#include "persistence/exchange.hpp"
#include "persistence/replay.hpp"
#include "persistence/rocksdb_journal.hpp"

namespace queenright::sim {
namespace {

using messages::NodeId;
using messages::Refusal;
using messages::Result;
using persistence::MemoryDisk;
using persistence::MemoryJournal;

std::vector<NodeId> nodes_of(const World& world) {
  auto nodes = world.queens();
  const auto workers = world.workers();
  nodes.insert(nodes.end(), workers.begin(), workers.end());
  return nodes;
}

std::string replay_problem(NodeId node, const MemoryDisk& disk,
                           const messages::Catalogue& catalogue, bool running,
                           persistence::Exchange& exchange) {
  const MemoryJournal journal(std::make_shared<MemoryDisk>(disk));
  persistence::Replay replay(catalogue, journal);
  const auto side = exchange.add(node, journal);
  if (!side) return side.reason();
  replay.watched_by(*side.value());
  if (const auto base = journal.base_snapshots(); base) {
    if (const auto started = replay.start_from(base.value()); !started) return started.reason();
  }
  const auto ran = replay.run({});
  if (!ran && running) return ran.reason();
  if (!ran) side.value()->lost_some();  // a node that is down may have a damaged disk
  if (!replay.divergence()) return "";
  const auto& found = *replay.divergence();
  return "position " + std::to_string(found.position.value) + ", " + name_of(found.role) +
         ", its input " + std::to_string(found.sequence.value) + ": " + found.what +
         "; the input: " + found.input;
}

Result<bool> save(const MemoryDisk& disk, const std::filesystem::path& path) {
  if (std::filesystem::exists(path)) return Refusal{path.string() + " is there already"};
  auto opened = persistence::open_journal(path);
  if (!opened) return Refusal{opened.reason()};
  auto& journal = *opened.value().journal;
  if (disk.first.value != 1 && !disk.blocks.empty())
    return Refusal{path.string() + ": its older blocks were dropped"};
  try {
    journal.append(disk.blocks, {}, {});
    for (const auto& [name, value] : disk.metadata) journal.put_metadata(name, value);
  } catch (const persistence::JournalFailed& failure) {
    return Refusal{path.string() + ": " + failure.what()};
  }
  return true;
}

}  // namespace

Replayed replay_all(const World& world, const election::Rules& rules) {
  const roles::RoleCatalogue catalogue(roles::embedded_supervision(), rules);
  persistence::Exchange exchange;
  for (const NodeId node : nodes_of(world)) {
    const auto problem =
        replay_problem(node, world.recording(node), catalogue, world.is_up(node), exchange);
    if (!problem.empty()) return {"node " + std::to_string(node.value) + ": " + problem, {}};
  }
  return {{}, exchange.compare().never_sent};
}

Result<bool> save_recordings(const World& world, const std::filesystem::path& directory) {
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (error) return Refusal{directory.string() + ": " + error.message()};
  for (const NodeId node : nodes_of(world)) {
    const auto name = "node-" + std::to_string(node.value);
    if (auto saved = save(world.recording(node), directory / name); !saved) return saved;
  }
  return true;
}

}  // namespace queenright::sim
