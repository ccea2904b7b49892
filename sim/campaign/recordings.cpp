#include "sim/campaign/recordings.hpp"

#include "actors/roles/catalogue.hpp"
#include "election/rule_names.hpp"
#include "persistence/exchange.hpp"
#include "persistence/replay.hpp"
#include "persistence/rocksdb_journal.hpp"

namespace queenright::sim {
namespace {

namespace fs = std::filesystem;
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

/// A recording that seems to end where it is interrupted.
class Interruptible : public persistence::Recording {
 public:
  Interruptible(const Recording& whole, const std::atomic<bool>* interrupted)
      : whole_(whole), interrupted_(interrupted) {}

  bool interrupted() const { return interrupted_ != nullptr && *interrupted_; }

  persistence::Tail tail() const override { return whole_.tail(); }
  persistence::BlockNumber first() const override { return whole_.first(); }
  Result<bool> scan(persistence::BlockNumber from,
                    const std::function<bool(const persistence::Block&)>& visit) const override {
    return whole_.scan(
        from, [&](const persistence::Block& block) { return !interrupted() && visit(block); });
  }
  Result<std::vector<persistence::Snapshot>> newest_snapshots() const override {
    return whole_.newest_snapshots();
  }
  Result<std::vector<persistence::Snapshot>> base_snapshots() const override {
    return whole_.base_snapshots();
  }
  std::optional<std::string> metadata(const std::string& name) const override {
    return whole_.metadata(name);
  }

 private:
  const Recording& whole_;
  const std::atomic<bool>* interrupted_;
};

std::string problem_of(NodeId node, const persistence::Recording& recording,
                       const messages::Catalogue& catalogue, bool running,
                       persistence::Exchange& exchange) {
  persistence::Replay replay(catalogue, recording);
  const auto side = exchange.add(node, recording);
  if (!side) return side.reason();
  replay.watched_by(*side.value());
  if (const auto base = recording.base_snapshots(); base) {
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

Result<bool> save(const MemoryDisk& disk, const std::string& broken, const fs::path& path) {
  auto opened = persistence::open_journal(path);
  if (!opened) return Refusal{opened.reason()};
  auto& journal = *opened.value().journal;
  if (disk.first.value != 1 && !disk.blocks.empty())
    return Refusal{path.string() + ": its older blocks were dropped"};
  try {
    journal.append(disk.blocks, {}, {});
    for (const auto& [name, value] : disk.metadata) journal.put_metadata(name, value);
    if (!broken.empty()) journal.put_metadata(broken_rules, broken);
  } catch (const persistence::JournalFailed& failure) {
    return Refusal{path.string() + ": " + failure.what()};
  }
  return true;
}

/// All of it, or the reason of the first that could not be written.
Result<bool> save_all(const World& world, const std::string& broken, const fs::path& directory) {
  std::error_code error;
  fs::remove_all(directory, error);  // of a save that was killed
  if (!error) fs::create_directories(directory, error);
  if (error) return Refusal{directory.string() + ": " + error.message()};
  for (const NodeId node : nodes_of(world)) {
    const auto path = directory / ("node-" + std::to_string(node.value));
    if (auto saved = save(world.recording(node), broken, path); !saved) return saved;
  }
  return true;
}

}  // namespace

std::string names_of_broken(const election::Rules& rules) {
  std::string names;
  for (const auto& rule : election::rule_names())
    if (!rules.holds(rule.rule)) (names += names.empty() ? "" : " ") += rule.name;
  return names;
}

Replayed replay(const World& world, const election::Rules& rules,
                const std::atomic<bool>* interrupted) {
  const roles::RoleCatalogue catalogue(roles::embedded_supervision(), rules);
  persistence::Exchange exchange;
  for (const NodeId node : nodes_of(world)) {
    const MemoryJournal journal(std::make_shared<MemoryDisk>(world.recording(node)));
    const Interruptible recording(journal, interrupted);
    const auto problem = problem_of(node, recording, catalogue, world.is_up(node), exchange);
    if (recording.interrupted()) return {{}, {}, true};
    if (!problem.empty()) return {"node " + std::to_string(node.value) + ": " + problem, {}, false};
  }
  return {{}, exchange.compare().never_sent, false};
}

std::string problem_of(const fs::path& directory) {
  std::error_code error;
  if (directory.empty()) return "the name of a directory is missing";
  if (!fs::exists(directory, error)) return error ? error.message() : "";
  if (fs::is_directory(directory, error) && fs::is_empty(directory, error)) return "";
  return directory.string() + " is there already";
}

Result<bool> save_recordings(const World& world, const fs::path& directory,
                             const election::Rules& rules) {
  if (auto problem = problem_of(directory); !problem.empty()) return Refusal{std::move(problem)};
  fs::path unfinished = directory.has_filename() ? directory : directory.parent_path();
  unfinished += ".unfinished";
  auto saved = save_all(world, names_of_broken(rules), unfinished);
  std::error_code error;
  if (saved) fs::rename(unfinished, directory, error);
  if (saved && !error) return true;
  const auto reason = saved ? directory.string() + ": " + error.message() : saved.reason();
  fs::remove_all(unfinished, error);
  return Refusal{reason};
}

}  // namespace queenright::sim
