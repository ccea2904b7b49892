#include "deploy/program/look/inspect.hpp"

#include <fmt/format.h>

#include <chrono>
#include <thread>
#include <utility>

#include "actors/roles/report.hpp"
#include "deploy/program/columns.hpp"
#include "deploy/program/formats.hpp"
#include "deploy/program/records/recording_at.hpp"
#include "messages/codec.hpp"
#include "persistence/follower.hpp"
#include "persistence/recording_file.hpp"
#include "persistence/replay.hpp"
#include "persistence/verify.hpp"

namespace queenright::program {

using messages::Position;
using messages::Value;
using persistence::Block;
using persistence::Record;

namespace {

Value number(std::uint64_t value) { return Value(static_cast<std::int64_t>(value)); }

Value value_of(Position position, const Record& record) {
  const auto input = messages::decode_input(record.input);
  return Value::Map{{"position", number(position.value)},
                    {"role", name_of(record.role)},
                    {"sequence", number(record.sequence.value)},
                    {"input", input ? text_of(input.value()) : input.reason()},
                    {"failure", record.failure}};
}

/// A line for each, however wide: logs are read so.
std::string lines_of(const Value::List& records) {
  std::string lines;
  for (const auto& one : records) {
    const auto& record = *one.map();
    const auto& failure = *record.at("failure").text();
    lines += printable(fmt::format("{:>8}  {:<12} {:>6}  {}{}", *record.at("position").integer(),
                                   *record.at("role").text(), *record.at("sequence").integer(),
                                   *record.at("input").text(),
                                   failure.empty() ? "" : "  FAILED: " + failure)) +
             "\n";
  }
  return lines;
}

}  // namespace

ExitCode verify_journal(const std::filesystem::path& path, const std::string& output) {
  const auto verified = persistence::verify_path(recording_path(path));
  if (!verified) throw Failure(ExitCode::usage, verified.reason());
  const auto& report = verified.value();
  const Format format = format_of(output);
  if (format != Format::human) {
    Value::List notes(report.notes.begin(), report.notes.end());
    fmt::print("{}", formatted(Value::Map{{"blocks", number(report.tail.last.value)},
                                          {"inputs", number(report.inputs)},
                                          {"sound", report.sound()},
                                          {"damage", report.damage},
                                          {"lost_promises", report.lost_promises},
                                          {"notes", std::move(notes)}},
                               format));
  } else {
    fmt::print("blocks {} to {}, {} inputs: {}\n", report.first.value, report.tail.last.value,
               report.inputs, report.sound() ? "sound" : "NOT SOUND");
    for (const auto& note : report.notes) fmt::print("{}", folded(note, "  "));
    if (!report.damage.empty())
      fmt::print("  damage: {}\n", printable(report.damage));  // its paths
    if (!report.lost_promises.empty())
      fmt::print("{}", folded("lost promises: " + report.lost_promises, "  "));
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
  const Format format = format_of(output);
  if (format != Format::human) {
    fmt::print("{}", formatted(Value::Map{{"first_block", number(stat.first.value)},
                                          {"last_block", number(stat.tail.last.value)},
                                          {"bytes", number(stat.bytes)},
                                          {"inputs", number(stat.total.inputs)},
                                          {"effects", number(stat.total.effects)},
                                          {"failures", number(stat.total.failures)},
                                          {"snapshots", number(stat.snapshots.size())},
                                          {"started", roles::iso_time(stat.started)},
                                          {"ended", roles::iso_time(stat.ended)},
                                          {"roles", std::move(roles)}},
                               format));
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

ExitCode tail_journal(const std::filesystem::path& path, std::uint64_t count, bool follow,
                      const std::string& output) {
  Format format = format_of(output);
  if (follow && format == Format::json) format = Format::jsonl;  // a list that never ends
  const auto recording = open_recording_at(path);
  const Position last = recording->tail().last_position;
  const Position from{last.value > count ? last.value - count + 1 : 1};
  Value::List records;
  const auto take = [&](const Block& block) {
    return static_cast<bool>(block.for_each([&](Position position, const Record& record) {
      if (position >= from) records.push_back(value_of(position, record));
      return true;
    }));
  };
  const auto print = [&] {
    const auto taken = std::exchange(records, {});
    fmt::print("{}", format == Format::human ? lines_of(taken) : formatted(taken, format));
  };
  const auto scanned = recording->scan(persistence::block_of(*recording, from), take);
  if (!follow || !records.empty()) print();
  if (!scanned) throw Failure(ExitCode::failed, scanned.reason());
  if (!follow) return ExitCode::success;
  auto follower =
      persistence::Follower::open(recording_path(path), {recording->tail().last.value + 1});
  if (!follower) throw Failure(ExitCode::usage, follower.reason());
  while (true) {
    const auto polled = follower.value()->poll(take);
    if (!records.empty()) print();
    if (!polled) throw Failure(ExitCode::failed, polled.reason());
    std::fflush(stdout);
    std::this_thread::sleep_for(std::chrono::milliseconds{100});
  }
}

}  // namespace queenright::program
