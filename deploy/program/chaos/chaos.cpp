#include "deploy/program/chaos/chaos.hpp"

#include <fmt/format.h>

#include <atomic>

#include "deploy/program/chaos/chaos_trial.hpp"
#include "deploy/program/document/values.hpp"
#include "deploy/program/hint.hpp"
#include "deploy/program/say.hpp"
#include "deploy/program/signals.hpp"

namespace queenright::program {
namespace {

ChaosTrial::Options trial_options(const ChaosOptions& options) {
  ChaosTrial::Options made;
  made.seed = options.seed;
  const auto duration = duration_of(options.duration);
  if (!duration || *duration <= messages::Duration{})
    throw Failure(ExitCode::usage,
                  fmt::format("--duration {}: write a span, as 60s or 1h", options.duration));
  made.duration = std::chrono::floor<std::chrono::milliseconds>(*duration);
  auto kinds = parse_chaos_kinds(options.faults);
  if (!kinds) throw Failure(ExitCode::usage, "--faults: " + kinds.reason());
  made.kinds = std::move(kinds).value();
  made.clients = options.clients;
  made.tells = format_of(options.output) == Format::human;
  return made;
}

/// A trial is of a hive that nobody else has anything in.
std::filesystem::path new_directory(const ChaosOptions& options) {
  const auto directory =
      options.data.empty() ? default_data() / fmt::format("chaos-{}", options.seed) : options.data;
  std::error_code missing;
  if (std::filesystem::exists(directory, missing) && !std::filesystem::is_empty(directory, missing))
    throw Failure(ExitCode::usage,
                  fmt::format("{} is there already: a trial needs a new directory. Remove it, or "
                              "name another one with --data",
                              directory.string()));
  return directory;
}

}  // namespace

ExitCode run_chaos(const ChaosOptions& options) {
  const Format format = format_of(options.output);
  if (options.faults == "list") {
    fmt::print("{}", chaos_kinds_text(format));
    return ExitCode::success;
  }
  const auto trial_of = trial_options(options);
  const auto directory = new_directory(options);
  const LocalHive hive = local_hive(directory, options.queens, options.workers);
  const Signals::Blocked blocked;
  ChaosTrial trial(hive, trial_of);
  std::atomic<bool> interrupted{false};
  const Signals signals([&](int) { interrupted = true; });
  auto report = trial.run(interrupted);
  if (!report) {
    say("queenright: interrupted; nothing was checked. What there is is in {}\n",
        directory.string());
    return ExitCode::interrupted;
  }
  const bool sound = report->violations.empty();
  if (sound && !options.keep)
    std::filesystem::remove_all(directory);
  else
    report->data = directory.string();
  fmt::print("{}", chaos_text(*report, format));
  return sound ? ExitCode::success : ExitCode::failed;
}

}  // namespace queenright::program
