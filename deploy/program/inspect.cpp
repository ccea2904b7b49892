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
#include "deploy/program/recording_at.hpp"
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

}  // namespace

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
  const auto recording = open_recording_at(path);
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
  const auto recording = open_recording_at(path);
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
  const auto recording = open_recording_at(data);
  const auto hive = hive_in(*recording);
  fmt::print("{}", runs_text(roles::runs_of(hive), format_of(output)));
  say_what_waits(hive, data);
  return ExitCode::success;
}

ExitCode report_run(const std::filesystem::path& data, const std::string& run,
                    const std::string& output) {
  const auto recording = open_recording_at(data);
  const CircuitId circuit = find(hive_in(*recording), run, data);
  const auto report = report_of_run(*recording, data, circuit);
  if (!report) throw Failure(ExitCode::failed, report.reason());
  fmt::print("{}", report_text(report.value(), format_of(output)));
  return ExitCode::success;
}

ExitCode export_run_to(const std::filesystem::path& data, const std::string& run,
                       const std::filesystem::path& file) {
  const auto recording = open_recording_at(data);
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
