#include "deploy/program/run/past_runs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <thread>

#include "actors/edges/child.hpp"
#include "actors/roles/report.hpp"
#include "deploy/program/hint.hpp"
#include "deploy/program/records/kept_runs.hpp"
#include "deploy/program/records/preview.hpp"
#include "deploy/program/records/recording_at.hpp"
#include "deploy/program/records/run_history.hpp"
#include "deploy/program/run/outcome.hpp"
#include "deploy/program/run/progress.hpp"
#include "deploy/program/run/report_fields.hpp"
#include "deploy/program/run/report_text.hpp"
#include "deploy/program/say.hpp"
#include "deploy/program/watching.hpp"
#include "persistence/journal_directory.hpp"
#include "persistence/recording_file.hpp"

namespace queenright::program {

using messages::CircuitId;
using messages::Value;
using persistence::Recording;

namespace {

constexpr auto look_again_after = std::chrono::milliseconds{200};

roles::HiveState hive_in(const Recording& recording) {
  auto hive = hive_of(recording);
  if (!hive) throw Failure(ExitCode::failed, hive.reason());
  return std::move(hive).value();
}

std::size_t ended_steps(const roles::CircuitState& state) {
  return static_cast<std::size_t>(
      std::count_if(state.steps.begin(), state.steps.end(),
                    [](const auto& step) { return roles::is_final(step.status); }));
}

CircuitId find(const roles::HiveState& hive, const std::string& run,
               const std::filesystem::path& data) {
  const auto circuit = find_run(hive, run);
  if (!circuit)
    throw Failure(ExitCode::not_found, fmt::format("there is no run '{}'; '{}' shows all", run,
                                                   command_line("runs list", data)));
  return *circuit;
}

bool is_run_by_a_process(const std::filesystem::path& data) {
  const auto directory = persistence::JournalDirectory::look(data / "journal");
  return directory && directory.value().has_writer();
}

Value report_in(const std::filesystem::path& data, const std::string& run) {
  const auto recording = open_recording_at(data);
  const CircuitId circuit = find(hive_in(*recording), run, data);
  auto report = report_of_run(*recording, data, circuit);
  if (!report) throw Failure(ExitCode::failed, report.reason());
  return std::move(report).value();
}

bool is_open(const Value& report) {
  return !messages::is_at_rest(text_at(*report.map(), "status"));
}

void tell(const Value& report, ReportForm form, const std::filesystem::path& data,
          const std::string& output) {
  form(report, format_of(output));
  if (waits(report))
    say_way_out(
        report, [&](const std::string& verb) { return command_line(verb, data); },
        GoesOn::when_resumed);
  else if (is_open(report) && !is_run_by_a_process(data))
    say("queenright: no process runs it; to go on:\n  {}\n",
        command_line("runs resume " + text_at(*report.map(), "run"), data));
}

/// A run that is open and that no process runs was left by a crash, or waits for a person.
void say_what_waits(const roles::HiveState& hive, const std::filesystem::path& data) {
  const auto waits = [](const auto& run) {
    return run.second.status == messages::RunStatus::awaiting_operator;
  };
  const auto open = std::count_if(hive.runs.begin(), hive.runs.end(), [&](const auto& run) {
    return !messages::is_over(run.second.status) && !waits(run);
  });
  if (const auto count = std::count_if(hive.runs.begin(), hive.runs.end(), waits); count > 0)
    say("queenright: {} for a person: '{}' says what for\n",
        count == 1 ? "one run waits" : fmt::format("{} runs wait", count),
        command_line("runs report RUN", data));
  if (open == 0 || is_run_by_a_process(data)) return;
  say("queenright: {} unfinished, and no process runs {}: '{}'\n",
      open == 1 ? "one run is" : fmt::format("{} runs are", open), open == 1 ? "it" : "them",
      command_line("runs resume --all", data));
}

}  // namespace

ExitCode list_runs(const std::filesystem::path& data, const std::string& output, bool watch) {
  if (data == default_data() && !std::filesystem::exists(data)) {  // nothing has run here yet
    fmt::print("{}", runs_text(Value::List{}, format_of(output)));
    return ExitCode::success;
  }
  say_what_waits(hive_in(*open_recording_at(data)), data);
  return show(watch, [&] {
    const auto hive = hive_in(*open_recording_at(data));
    return runs_text(roles::runs_of(hive), format_of(output));
  });
}

ExitCode watch_run(const std::filesystem::path& data, const std::string& run,
                   const std::string& output, bool quiet) {
  using std::chrono::steady_clock;
  const auto first = hive_in(*open_recording_at(data));
  const CircuitId circuit = find(first, run, data);
  std::optional<messages::LogIndex> heard;  // nothing from before
  Progress progress(progress_style(quiet), {{circuit, first.runs.at(circuit).run}}, 0);
  for (bool goes_on = true; goes_on;) {
    const auto began = steady_clock::now();
    const bool is_run = is_run_by_a_process(data);  // looked at first: what it did is then read
    const auto recording = open_recording_at(data);
    const auto hive = hive_in(*recording);
    const auto status = hive.runs.at(circuit).status;
    goes_on = is_run && !messages::is_at_rest(status);
    if (!heard) {
      if (const auto state = state_of_run(*recording, data, circuit)) {
        heard = state.value().last_entry;
        progress.begin_at(state.value().steps.size(), ended_steps(state.value()));
      }
    } else if (auto events = history_of_run(*recording, data, hive, circuit, *heard);
               events && !events.value().empty()) {
      heard = events.value().back().index;
      progress.take(messages::Events{circuit, std::move(events).value(), false});
    }
    if (goes_on)  // a long journal is not read all the time
      std::this_thread::sleep_for(
          std::max<steady_clock::duration>(look_again_after, 4 * (steady_clock::now() - began)));
    progress.tick();
  }
  progress.clear();
  const auto report = report_in(data, run);
  tell(report, print_report, data, output);
  return is_open(report) ? ExitCode::unavailable : worse(ExitCode::success, report);
}

ExitCode report_run(const std::filesystem::path& data, const std::string& run, ReportForm form,
                    const std::string& output) {
  tell(report_in(data, run), form, data, output);
  return ExitCode::success;
}

ExitCode repeat_run_of(const roles::Plan& plan, const std::filesystem::path& data,
                       const std::string& output) {
  const auto recording = open_recording_at(data);
  const auto report = report_in(data, last_run_of(roles::runs_of(hive_in(*recording)), plan));
  tell(report, print_report, data, output);
  return worse(ExitCode::success, report);
}

ExitCode artifacts_of_run(const std::filesystem::path& data, const std::string& run,
                          const ArtifactOptions& options, const std::string& output) {
  const auto artifacts = artifacts_in(report_in(data, run), options.step);
  if (!are_to_be_copied(artifacts, options, output)) return ExitCode::success;
  edges::ArtifactStore store(data / "artifacts");
  copy_artifacts(artifacts, options.into, store,
                 [](const messages::Artifact& artifact, edges::ArtifactStore&) {
                   return messages::Refusal{"artifact " + artifact.path + " is kept no more"};
                 });
  return ExitCode::success;
}

ExitCode preview_decision(const std::filesystem::path& data, const std::string& run,
                          const messages::Command& decision, const std::string& output) {
  const auto recording = open_recording_at(data);
  const auto hive = hive_in(*recording);
  const auto state = state_of_run(*recording, data, find(hive, run, data));
  if (!state) throw Failure(ExitCode::failed, state.reason());
  const auto preview = preview_of(state.value(), decision, edges::wall_now());
  if (!preview)
    throw Failure(ExitCode::usage, "the decision would be refused: " + preview.reason());
  fmt::print("{}", preview_text(preview.value(), format_of(output)));
  return ExitCode::success;
}

ExitCode export_run_to(const std::filesystem::path& data, const std::string& run,
                       const std::filesystem::path& file) {
  const auto recording = open_recording_at(data);
  const CircuitId circuit = find(hive_in(*recording), run, data);
  if (file.has_parent_path() && !std::filesystem::is_directory(file.parent_path()))
    throw Failure(ExitCode::usage, "there is no directory " + file.parent_path().string());
  if (std::filesystem::exists(file))
    throw Failure(ExitCode::usage, file.string() + " is there already");
  if (const auto kept = kept_slice(data, circuit); std::filesystem::exists(kept)) {
    std::filesystem::copy_file(kept, file);
  } else if (const auto exported = export_run(*recording, circuit, file); !exported) {
    throw Failure(ExitCode::failed, exported.reason());
  }
  say("queenright: {} holds {}; 'queenright replay {}' checks it\n", file.string(), run,
      file.string());
  return ExitCode::success;
}

}  // namespace queenright::program
