#include "persistence/verify.hpp"

#include "messages/codec.hpp"
#include "persistence/chain.hpp"
#include "persistence/journal_directory.hpp"
#include "persistence/recording_file.hpp"

namespace queenright::persistence {
namespace {

using messages::Refusal;
using messages::Result;

/// Counts the inputs of a block; gives what can't be decoded.
std::string check_records(const Block& block, std::uint64_t& inputs) {
  std::string damage;
  const auto all = block.for_each([&](messages::Position position, const Record& record) {
    const auto input = messages::decode_input(record.input);
    if (!input)
      damage = name_of(block.header().number) + ": the input at position " +
               std::to_string(position.value) + ": " + input.reason();
    else
      ++inputs;
    return damage.empty();
  });
  return all ? damage : all.reason();
}

std::string check_snapshots(const Recording& recording) {
  for (const auto& snapshots : {recording.newest_snapshots(), recording.base_snapshots()})
    if (!snapshots) return snapshots.reason();
  return {};
}

}  // namespace

VerifyReport verify(const Recording& recording, const OpenReport& opened) {
  VerifyReport report{recording.first(), {}, 0, {}, opened.lost_promises, {}};
  const auto scanned = recording.scan(report.first, [&](const Block& block) {
    report.damage = check_records(block, report.inputs);
    if (report.damage.empty()) report.tail = block.tail();
    return report.damage.empty();
  });
  if (!scanned) report.damage = scanned.reason();
  if (report.damage.empty()) report.damage = check_snapshots(recording);
  if (report.first.value > 1)
    report.notes.push_back("begins at " + name_of(report.first) + ": older ones were dropped");
  const std::string end = "ends at " + name_of(recording.tail().last);
  if (!opened.torn_tail.empty())
    report.notes.push_back(end + " without a clean stop: " + opened.torn_tail +
                           ", normal after a crash");
  else if (!stopped_cleanly(recording))
    report.notes.push_back(end + " without a clean stop");
  else
    report.notes.push_back(end + " with a clean stop");
  return report;
}

Result<VerifyReport> verify_path(const std::filesystem::path& path) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) {
    const auto directory = JournalDirectory::look(path);
    if (!directory) return Refusal{directory.reason()};
  } else {
    const auto slice = read_slice_header(path);
    if (!slice) return Refusal{slice.reason()};
  }
  const auto opened = open_recording(path);
  if (opened) return verify(*opened.value().recording, opened.value().report);
  VerifyReport report;
  report.damage = opened.reason();
  return report;
}

Result<JournalStat> stat(const Recording& recording) {
  JournalStat stat{recording.first(), recording.tail(), 0, 0, {}, {}, {}, {}, {}};
  std::string first_input, last_input, damage;
  const auto scanned = recording.scan(stat.first, [&](const Block& block) {
    ++stat.blocks;
    stat.bytes += block.bytes().size();
    const auto all = block.for_each([&](messages::Position, const Record& record) {
      for (RoleStat* counts : {&stat.total, &stat.roles[record.role]}) {
        ++counts->inputs;
        counts->effects += record.effects.size();
        counts->failures += record.failure.empty() ? 0 : 1;
      }
      if (first_input.empty()) first_input = record.input;
      last_input = record.input;
      return true;
    });
    if (!all) damage = all.reason();
    return damage.empty();
  });
  if (!scanned) return Refusal{scanned.reason()};
  if (!damage.empty()) return Refusal{damage};
  const auto started = messages::decode_input(first_input);
  const auto ended = messages::decode_input(last_input);
  auto snapshots = recording.newest_snapshots();
  if (!started || !ended) return Refusal{(started ? ended : started).reason()};
  if (!snapshots) return Refusal{snapshots.reason()};
  stat.started = started.value().wall;
  stat.ended = ended.value().wall;
  stat.snapshots = std::move(snapshots).value();
  return stat;
}

}  // namespace queenright::persistence
