#include "deploy/program/run/past_runs.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "actors/roles/report.hpp"
#include "deploy/program/hint.hpp"
#include "deploy/program/look/recording_at.hpp"
#include "deploy/program/output.hpp"
#include "deploy/program/run/kept_runs.hpp"
#include "deploy/program/run/outcome.hpp"
#include "deploy/program/say.hpp"
#include "persistence/journal_directory.hpp"
#include "persistence/recording_file.hpp"

namespace queenright::program {

using messages::CircuitId;
using persistence::Recording;

namespace {

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

/// A run that is open and that no process runs was left by a crash, or waits for a person.
void say_what_waits(const roles::HiveState& hive, const std::filesystem::path& data) {
  const auto waits = [](const auto& run) {
    return run.second.status == messages::RunStatus::awaiting_operator;
  };
  const auto open = std::count_if(hive.runs.begin(), hive.runs.end(), [&](const auto& run) {
    return !roles::is_over(run.second.status) && !waits(run);
  });
  if (const auto count = std::count_if(hive.runs.begin(), hive.runs.end(), waits); count > 0)
    say("queenright: {} for a person: '{}' says what for\n",
        count == 1 ? "one run waits" : fmt::format("{} runs wait", count),
        command_line("runs report RUN", data));
  const auto directory = persistence::JournalDirectory::look(data / "journal");
  if (open == 0 || !directory || directory.value().has_writer()) return;
  say("queenright: {} unfinished, and no process runs {}: '{}'\n",
      open == 1 ? "one run is" : fmt::format("{} runs are", open), open == 1 ? "it" : "them",
      command_line("runs resume --all", data));
}

}  // namespace

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

ExitCode repeat_run_of(const roles::Plan& plan, const std::filesystem::path& data,
                       const std::string& output) {
  const auto recording = open_recording_at(data);
  const auto run = last_run_of(roles::runs_of(hive_in(*recording)), plan);
  return report_run(data, run, output);
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
