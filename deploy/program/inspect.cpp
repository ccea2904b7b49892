#include "deploy/program/inspect.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <deque>
#include <thread>

#include "actors/roles/catalogue.hpp"
#include "actors/roles/report.hpp"
#include "deploy/program/hint.hpp"
#include "deploy/program/kept_runs.hpp"
#include "deploy/program/output.hpp"
#include "deploy/program/say.hpp"
#include "messages/codec.hpp"
#include "persistence/follower.hpp"
#include "persistence/journal_directory.hpp"
#include "persistence/recording_file.hpp"
#include "persistence/replay.hpp"
#include "persistence/verify.hpp"

namespace queenright::program {

using messages::CircuitId;
using messages::Position;
using messages::Value;
using persistence::Block;
using persistence::Record;
using persistence::Recording;

namespace {

Value number(std::uint64_t value) { return Value(static_cast<std::int64_t>(value)); }

/// A data directory has its journal below it; a journal or a slice stands for itself.
std::filesystem::path recording_path(const std::filesystem::path& path) {
  return std::filesystem::is_directory(path / "journal") ? path / "journal" : path;
}

std::unique_ptr<Recording> open(const std::filesystem::path& path) {
  auto opened = persistence::open_recording(recording_path(path));
  if (!opened) {
    const bool is_journal =
        static_cast<bool>(persistence::JournalDirectory::look(recording_path(path)));
    throw Failure(is_journal ? ExitCode::failed : ExitCode::usage, opened.reason());
  }
  return std::move(std::move(opened).value().recording);
}

/// A directory that has one recording for each node below it; nothing, if it is itself one.
std::vector<std::filesystem::path> recordings_below(const std::filesystem::path& path) {
  std::vector<std::filesystem::path> found;
  std::error_code error;
  if (!std::filesystem::is_directory(path, error) ||
      persistence::JournalDirectory::look(recording_path(path)))
    return found;
  for (const auto& entry : std::filesystem::directory_iterator(path, error))
    if (const auto below = recording_path(entry.path());
        entry.is_directory() && persistence::JournalDirectory::look(below))
      found.push_back(entry.path());
  std::sort(found.begin(), found.end(), [](const auto& one, const auto& other) {
    const auto name = one.filename().string();
    const auto other_name = other.filename().string();
    return std::pair(name.size(), name) < std::pair(other_name.size(), other_name);  // 2 before 10
  });
  return found;
}

void print_state(const persistence::Replay& replay, Format format) {
  if (format == Format::human) {
    for (const auto& [id, active] : replay.roles())
      fmt::print("{} after {} inputs:\n{}\n", name_of(id), active.sequence.value,
                 active.role->text());
    return;
  }
  const char* separator = "{";
  for (const auto& [id, active] : replay.roles()) {
    fmt::print("{}\n  \"{}\": {{\"inputs\": {}, \"state\": {}}}", separator, name_of(id),
               active.sequence.value, active.role->text());
    separator = ",";
  }
  fmt::print("\n}}\n");
}

void print_side(const char* side, const std::vector<std::uint64_t>& digests,
                const std::vector<std::string>& texts) {
  fmt::print("{}: {} effect{}\n", side, digests.size(), digests.size() == 1 ? "" : "s");
  for (std::size_t i = 0; i < digests.size(); ++i)
    fmt::print("  {:016x}  {}\n", digests[i], i < texts.size() ? texts[i] : "");
}

/// Both sides: what the step gives now, and what it gave. Of that only digests are kept, so what
/// it told other roles is shown as they got it.
void print_divergence(const Recording& recording, const persistence::Divergence& found,
                      const std::string& node) {
  fmt::print("first difference at position {}: {} of {}, its input {}: {}\n", found.position.value,
             name_of(found.role), node, found.sequence.value, found.what);
  fmt::print("input: {}\n", found.input);
  print_side("replayed", found.replayed_digests, found.replayed);
  print_side("recorded", found.recorded_digests, {});
  for (const auto& told :
       persistence::consequences(recording, found.position, found.role, found.sequence))
    fmt::print("  received: {}\n", told);
}

std::string record_line(Position position, const Record& record) {
  const auto input = messages::decode_input(record.input);
  std::string line =
      fmt::format("{:>8}  {:<12} {:>6}  {}", position.value, name_of(record.role),
                  record.sequence.value, input ? text_of(input.value()) : input.reason());
  if (!record.failure.empty()) line += "  FAILED: " + record.failure;
  return line;
}

roles::HiveState hive_in(const Recording& recording) {
  auto hive = hive_of(recording);
  if (!hive) throw Failure(ExitCode::failed, hive.reason());
  return std::move(hive).value();
}

CircuitId find(const roles::HiveState& hive, const std::string& run,
               const std::filesystem::path& data) {
  const auto circuit = find_run(hive, run);
  if (!circuit)
    throw Failure(ExitCode::not_found, fmt::format("there is no run '{}'; '{}' shows all", run,
                                                   command_line("runs list", data)));
  return *circuit;
}

/// A run that is open and that no process runs was left by a crash.
void say_what_waits(const roles::HiveState& hive, const std::filesystem::path& data) {
  const auto open = std::count_if(hive.runs.begin(), hive.runs.end(), [](const auto& run) {
    return !roles::is_over(run.second.status);
  });
  const auto directory = persistence::JournalDirectory::look(data / "journal");
  if (open == 0 || !directory || directory.value().has_writer()) return;
  say("queenright: {} unfinished, and no process runs {}: '{}'\n",
      open == 1 ? "one run is" : fmt::format("{} runs are", open), open == 1 ? "it" : "them",
      command_line("runs resume --all", data));
}

struct Replayed {
  std::uint64_t inputs = 0;
  std::uint64_t effects = 0;
};

/// Nothing: it was not identical, and the difference was printed.
std::optional<Replayed> step_again(const std::string& node, const Recording& recording,
                                   std::uint64_t until, Format format) {
  const roles::RoleCatalogue catalogue(roles::embedded_supervision());
  persistence::Replay replay(catalogue, recording);
  const auto base = recording.base_snapshots();
  if (!base) throw Failure(ExitCode::failed, base.reason());
  if (const auto started = replay.start_from(base.value()); !started)
    throw Failure(ExitCode::usage, started.reason());
  if (const auto ran = replay.run({until}); !ran) throw Failure(ExitCode::failed, ran.reason());
  if (replay.divergence()) {
    print_divergence(recording, *replay.divergence(), node);
    return std::nullopt;
  }
  if (until != 0) {
    if (const auto last = recording.tail().last_position; until > last.value)
      say("queenright: the recording ends at position {}\n", last.value);
    print_state(replay, format);
  } else if (!base.value().empty() && format == Format::human) {
    say("queenright: from block {}: older blocks were dropped\n", recording.first().value);
  }
  return Replayed{replay.inputs(), replay.effects()};
}

ExitCode replay_one(const std::filesystem::path& path, std::uint64_t until, Format format) {
  const auto replayed = step_again("node 1", *open(path), until, format);
  if (!replayed) return ExitCode::failed;
  if (until != 0) return ExitCode::success;
  if (format == Format::json)
    fmt::print("{}", pretty_json(Value::Map{{"inputs", number(replayed->inputs)},
                                            {"effects", number(replayed->effects)},
                                            {"identical", true}}));
  else
    fmt::print("{} inputs, {} effects, identical\n", replayed->inputs, replayed->effects);
  return ExitCode::success;
}

/// One recording a node; the first difference ends it.
ExitCode replay_all(const std::vector<std::filesystem::path>& paths, Format format) {
  Replayed all;
  Value::Map nodes;
  for (const auto& path : paths) {
    const auto name = path.filename().string();
    const auto replayed = step_again(name, *open(path), 0, format);
    if (!replayed) return ExitCode::failed;
    all.inputs += replayed->inputs;
    all.effects += replayed->effects;
    if (format == Format::human)
      fmt::print("{}: {} inputs, {} effects, identical\n", name, replayed->inputs,
                 replayed->effects);
    nodes[name] =
        Value::Map{{"inputs", number(replayed->inputs)}, {"effects", number(replayed->effects)}};
  }
  if (format == Format::json)
    fmt::print("{}", pretty_json(Value::Map{{"inputs", number(all.inputs)},
                                            {"effects", number(all.effects)},
                                            {"identical", true},
                                            {"nodes", std::move(nodes)}}));
  else
    fmt::print("{} recordings, {} inputs, {} effects, identical\n", paths.size(), all.inputs,
               all.effects);
  return ExitCode::success;
}

}  // namespace

ExitCode replay(const std::filesystem::path& path, std::uint64_t until, const std::string& output) {
  const Format format = format_of(output.empty() ? "human" : output);
  const auto below = recordings_below(path);
  if (below.empty()) return replay_one(path, until, format);
  if (until != 0)
    throw Failure(ExitCode::usage,
                  fmt::format("--until is a position in one recording; {} has several, as {}",
                              path.string(), below.front().string()));
  return replay_all(below, format);
}

ExitCode verify_journal(const std::filesystem::path& path, const std::string& output) {
  const auto verified = persistence::verify_path(recording_path(path));
  if (!verified) throw Failure(ExitCode::usage, verified.reason());
  const auto& report = verified.value();
  if (format_of(output.empty() ? "human" : output) == Format::json) {
    Value::List notes(report.notes.begin(), report.notes.end());
    fmt::print("{}", pretty_json(Value::Map{{"blocks", number(report.tail.last.value)},
                                            {"inputs", number(report.inputs)},
                                            {"sound", report.sound()},
                                            {"damage", report.damage},
                                            {"lost_promises", report.lost_promises},
                                            {"notes", std::move(notes)}}));
  } else {
    fmt::print("blocks {} to {}, {} inputs: {}\n", report.first.value, report.tail.last.value,
               report.inputs, report.sound() ? "sound" : "NOT SOUND");
    for (const auto& note : report.notes) fmt::print("  {}\n", note);
    if (!report.damage.empty()) fmt::print("  damage: {}\n", report.damage);
    if (!report.lost_promises.empty()) fmt::print("  lost promises: {}\n", report.lost_promises);
  }
  return report.sound() ? ExitCode::success : ExitCode::failed;
}

ExitCode stat_journal(const std::filesystem::path& path, const std::string& output) {
  const auto recording = open(path);
  const auto counted = persistence::stat(*recording);
  if (!counted) throw Failure(ExitCode::failed, counted.reason());
  const auto& stat = counted.value();
  Value::Map roles;
  for (const auto& [role, of_role] : stat.roles)
    roles[name_of(role)] = Value::Map{{"inputs", number(of_role.inputs)},
                                      {"effects", number(of_role.effects)},
                                      {"failures", number(of_role.failures)}};
  if (format_of(output.empty() ? "human" : output) == Format::json) {
    fmt::print("{}", pretty_json(Value::Map{{"first_block", number(stat.first.value)},
                                            {"last_block", number(stat.tail.last.value)},
                                            {"bytes", number(stat.bytes)},
                                            {"inputs", number(stat.total.inputs)},
                                            {"effects", number(stat.total.effects)},
                                            {"failures", number(stat.total.failures)},
                                            {"snapshots", number(stat.snapshots.size())},
                                            {"started", roles::iso_time(stat.started)},
                                            {"ended", roles::iso_time(stat.ended)},
                                            {"roles", std::move(roles)}}));
    return ExitCode::success;
  }
  fmt::print("blocks {} to {}, {} bytes, {} snapshots, {} to {}\n", stat.first.value,
             stat.tail.last.value, stat.bytes, stat.snapshots.size(), roles::iso_time(stat.started),
             roles::iso_time(stat.ended));
  fmt::print("{:<14} {:>10} {:>10} {:>8}\n", "ROLE", "INPUTS", "EFFECTS", "FAILED");
  for (const auto& [role, of_role] : stat.roles)
    fmt::print("{:<14} {:>10} {:>10} {:>8}\n", name_of(role), of_role.inputs, of_role.effects,
               of_role.failures);
  fmt::print("{:<14} {:>10} {:>10} {:>8}\n", "all", stat.total.inputs, stat.total.effects,
             stat.total.failures);
  return ExitCode::success;
}

ExitCode tail_journal(const std::filesystem::path& path, std::uint64_t count, bool follow) {
  const auto recording = open(path);
  const Position last = recording->tail().last_position;
  const Position from{last.value > count ? last.value - count + 1 : 1};
  const auto print = [&](const Block& block) {
    return static_cast<bool>(block.for_each([&](Position position, const Record& record) {
      if (position >= from) fmt::print("{}\n", record_line(position, record));
      return true;
    }));
  };
  const auto printed = recording->scan(persistence::block_of(*recording, from), print);
  if (!printed) throw Failure(ExitCode::failed, printed.reason());
  if (!follow) return ExitCode::success;
  auto follower =
      persistence::Follower::open(recording_path(path), {recording->tail().last.value + 1});
  if (!follower) throw Failure(ExitCode::usage, follower.reason());
  while (true) {
    const auto polled = follower.value()->poll(print);
    if (!polled) throw Failure(ExitCode::failed, polled.reason());
    std::fflush(stdout);
    std::this_thread::sleep_for(std::chrono::milliseconds{100});
  }
}

ExitCode list_runs(const std::filesystem::path& data, const std::string& output) {
  const auto recording = open(data);
  const auto hive = hive_in(*recording);
  fmt::print("{}", runs_text(roles::runs_of(hive), format_of(output)));
  say_what_waits(hive, data);
  return ExitCode::success;
}

ExitCode report_run(const std::filesystem::path& data, const std::string& run,
                    const std::string& output) {
  const auto recording = open(data);
  const CircuitId circuit = find(hive_in(*recording), run, data);
  const auto report = report_of_run(*recording, data, circuit);
  if (!report) throw Failure(ExitCode::failed, report.reason());
  fmt::print("{}", report_text(report.value(), format_of(output)));
  return ExitCode::success;
}

ExitCode export_run_to(const std::filesystem::path& data, const std::string& run,
                       const std::filesystem::path& file) {
  const auto recording = open(data);
  const CircuitId circuit = find(hive_in(*recording), run, data);
  if (file.has_parent_path() && !std::filesystem::is_directory(file.parent_path()))
    throw Failure(ExitCode::usage, "there is no directory " + file.parent_path().string());
  if (const auto kept = kept_slice(data, circuit); std::filesystem::exists(kept)) {
    std::filesystem::copy_file(kept, file, std::filesystem::copy_options::overwrite_existing);
  } else if (const auto exported = export_run(*recording, circuit, file); !exported) {
    throw Failure(ExitCode::failed, exported.reason());
  }
  say("queenright: {} holds {}; 'queenright replay {}' checks it\n", file.string(), run,
      file.string());
  return ExitCode::success;
}

}  // namespace queenright::program
