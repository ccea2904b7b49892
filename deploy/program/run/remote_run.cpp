#include "deploy/program/run/remote_run.hpp"

#include <fmt/format.h>

#include <optional>

#include "deploy/program/client/hive_mode.hpp"
#include "deploy/program/hint.hpp"
#include "deploy/program/random_key.hpp"
#include "deploy/program/records/preview.hpp"
#include "deploy/program/run/dry_run.hpp"
#include "deploy/program/run/follow.hpp"
#include "deploy/program/run/outcome.hpp"
#include "deploy/program/run/report_text.hpp"
#include "deploy/program/run/submission.hpp"
#include "deploy/program/say.hpp"
#include "deploy/program/signals.hpp"
#include "deploy/program/watching.hpp"
#include "messages/reader.hpp"
#include "messages/writer.hpp"

namespace queenright::program {

using messages::CircuitId;
using messages::Value;

namespace {

/// A verb as it is typed for this hive.
std::function<std::string(const std::string& verb)> on_hive(const RemoteRunOptions& options) {
  return [access = options.access](const std::string& verb) {
    return command_line_on_hive(verb, access.hive, access.keys);
  };
}

/// A hive with this process's signals, for the time of one verb.
class Session {
 public:
  explicit Session(const RemoteRunOptions& options)
      : options_(options), hive_(options.access, options.quiet) {
    if (!options.quiet) tell_mode(hive_);
  }

  RemoteHive& hive() { return hive_; }
  Client& client() { return hive_.client(); }

  /// Follows the run, which is watched already, and prints its report.
  ExitCode finish(CircuitId circuit, const std::string& run, std::size_t steps,
                  Interruption interruption) {
    ExitCode exit_code = ExitCode::success;
    const auto summary =
        steps == 0 ? client().ask(messages::Read{circuit, {random_key(), 0}, true}).value : Value();
    {
      const Signals signals([this](int signal) { client().happen(Client::Interrupted{signal}); });
      const Runs runs{{circuit, run}};
      Progress progress(progress_style(options_.quiet), runs, steps);
      if (const auto* standing = summary.map()) progress.begin_at(*standing);
      exit_code = follow(client(), progress, runs, is_over_or_waits, interruption);
    }
    const bool left = exit_code == ExitCode::interrupted && interruption == Interruption::leaves;
    return left ? exit_code : print(run, exit_code);
  }

  /// What comes of a command, and nothing from before: this queen may know of it only later than
  /// its root, and a run that waited for it has waited.
  void watch_from(const messages::Reply& reply, const std::string& what) {
    require(reply, what);
    client().watch(reply.circuit, {reply.entry.value - 1});
  }

  ExitCode decide(CircuitId circuit, const std::string& run, const messages::Command& decision) {
    watch_from(client().ask(decision_about(circuit, decision)), "the decision");
    return finish(circuit, run, 0, Interruption::leaves);
  }

  ExitCode print(const std::string& run, ExitCode exit_code) {
    const Value report = hive_.report(run);
    print_outcome(report, format_of(options_.output), options_.profile);
    if (waits(report)) say_way_out(report, on_hive(options_), GoesOn::by_itself);
    return worse(exit_code, report);
  }

  struct Found {
    CircuitId circuit;
    std::string name;
    std::string status;
  };

  /// The run that a queen knows by this name, or by its circuit's number.
  Found find(const std::string& run) {
    const Value runs = hive_.ask("runs", {});
    for (const auto& known : *runs.list()) {
      const auto& record = *known.map();
      const auto circuit = *record.at("circuit").integer();
      if (*record.at("run").text() == run || std::to_string(circuit) == run)
        return {CircuitId{static_cast<std::uint64_t>(circuit)}, *record.at("run").text(),
                *record.at("status").text()};
    }
    throw Failure(ExitCode::not_found, fmt::format("there is no run '{}'; '{}' shows all", run,
                                                   on_hive(options_)("runs list")));
  }

  /// What it takes to run it again, from whichever queen has it.
  Retry retry_of_ended(const std::string& run, const RetryOptions& retry) {
    const auto answer = client().ask_all({{}, "again", run});
    if (!answer.refused.empty()) throw Failure(ExitCode::usage, answer.refused);
    const auto begin = messages::decode<messages::Begin>(answer.bytes);
    if (!begin) throw Failure(ExitCode::failed, begin.reason());
    Again again{begin.value(), {}};
    for (const auto& step : *answer.value.list()) again.undecided.push_back(*step.text());
    return retry_of(again, retry);
  }

  ExitCode preview(const Found& run, const messages::Command& decision) {
    messages::NodeQuestion question{{}, "preview", run.name};
    question.bytes = messages::encode(messages::Submit{run.circuit, {}, decision});
    const auto answer = client().ask_all(question);
    if (!answer.refused.empty())
      throw Failure(ExitCode::usage, "the decision would be refused: " + answer.refused);
    fmt::print("{}", preview_text(answer.value, format_of(options_.output)));
    return ExitCode::success;
  }

 private:
  const RemoteRunOptions& options_;
  const Signals::Blocked blocked_;  ///< before the connection's thread
  RemoteHive hive_;
};

/// Where artifacts come together that are copied; gone with this, also when that has failed.
class Parts {
 public:
  explicit Parts(const std::filesystem::path& into)
      : directory_(into / (".parts-" + random_key())) {}
  ~Parts() {
    std::error_code ignored;
    std::filesystem::remove_all(directory_, ignored);
  }
  Parts(const Parts&) = delete;
  Parts& operator=(const Parts&) = delete;
  const std::filesystem::path& directory() const { return directory_; }

 private:
  const std::filesystem::path directory_;
};

/// Piece by piece, from any queen who has it.
messages::Result<bool> bring(Client& client, const messages::Artifact& artifact,
                             edges::ArtifactStore& kept) {
  messages::NodeQuestion question{{}, "artifact", artifact.digest};
  do {
    const auto answer = client.ask_all(question);
    if (!answer.refused.empty()) return messages::Refusal{answer.refused};
    if (answer.bytes.empty() && question.offset < artifact.size)
      return messages::Refusal{"artifact " + artifact.path + " is not whole"};
    auto taken = kept.take("hive", artifact.digest, artifact.size, question.offset, answer.bytes);
    if (!taken) return taken;
    question.offset += answer.bytes.size();
  } while (question.offset < artifact.size);
  return true;
}

}  // namespace

ExitCode run_plan_on_hive(const std::filesystem::path& path, const RemoteRunOptions& options) {
  const auto plan = checked_plan(path, options.plan);
  const std::string key = options.key.empty() ? random_key() : options.key;
  Session session(options);
  const auto submitted = submit(session.client(), plan, key, 0);
  if (!options.quiet) say_submitted(submitted, key);
  return session.finish(submitted.circuit, submitted.run, plan.steps.size(), Interruption::cancels);
}

ExitCode start_run_on_hive(const std::filesystem::path& path, const RemoteRunOptions& options) {
  const auto plan = checked_plan(path, options.plan);
  const std::string key = options.key.empty() ? random_key() : options.key;
  Session session(options);
  const auto submitted = submit(session.client(), plan, key, 0);
  const Format format = format_of(options.output);
  const Value started = Value::Map{{"run", submitted.run},
                                   {"circuit", static_cast<std::int64_t>(submitted.circuit.value)},
                                   {"key", key}};
  fmt::print("{}", formatted(started, format == Format::human ? Format::name : format));
  if (!options.quiet)
    say("queenright: it goes on by itself: '{}'\n",
        on_hive(options)("runs watch " + submitted.run));
  return ExitCode::success;
}

ExitCode dry_run_on_hive(const std::filesystem::path& path, const RemoteRunOptions& options) {
  const auto plan = checked_plan(path, options.plan);
  Session session(options);
  const Value known = hive_as_known(session.hive());
  if (known.map() == nullptr)
    throw Failure(ExitCode::unavailable, "this queen knows nothing of the hive yet: ask again");
  const auto workers = known_workers(known.map()->at("workers"));
  require_workers(plan, workers);
  return print_dry_run(dry_run_of(plan, workers), options.output);
}

ExitCode repeat_run_on_hive(const std::filesystem::path& path, const RemoteRunOptions& options) {
  const auto plan = checked_plan(path, options.plan);
  Session session(options);
  const auto run = last_run_of(session.hive().ask("runs", {}), plan);
  const Value report = session.hive().ask("report", run);
  print_report(report, format_of(options.output));
  if (waits(report)) say_way_out(report, on_hive(options), GoesOn::by_itself);
  return worse(ExitCode::success, report);
}

ExitCode list_runs_of_hive(const RemoteRunOptions& options, bool watch) {
  RemoteHive hive(options.access, options.quiet);
  if (!options.quiet) tell_mode(hive);
  return show(watch, [&] { return runs_text(hive.ask("runs", {}), format_of(options.output)); });
}

ExitCode report_run_of_hive(const std::string& run, ReportForm form,
                            const RemoteRunOptions& options) {
  RemoteHive hive(options.access, options.quiet);
  if (!options.quiet) tell_mode(hive);
  const Value report = hive.ask("report", run);
  form(report, format_of(options.output));
  if (waits(report)) say_way_out(report, on_hive(options), GoesOn::by_itself);
  return ExitCode::success;
}

ExitCode artifacts_of_run_on_hive(const std::string& run, const ArtifactOptions& artifacts,
                                  const RemoteRunOptions& options) {
  RemoteHive hive(options.access, options.quiet);
  const auto listed = artifacts_in(hive.ask("report", run), artifacts.step);
  if (!are_to_be_copied(listed, artifacts, options.output)) return ExitCode::success;
  const Parts parts(artifacts.into);
  edges::ArtifactStore store(parts.directory());
  copy_artifacts(listed, artifacts.into, store,
                 [&](const messages::Artifact& artifact, edges::ArtifactStore& kept) {
                   return bring(hive.client(), artifact, kept);
                 });
  return ExitCode::success;
}

ExitCode watch_run_of_hive(const std::string& run, const RemoteRunOptions& options) {
  Session session(options);
  const auto [circuit, name, status] = session.find(run);
  session.client().watch(circuit);
  return session.finish(circuit, name, 0, Interruption::leaves);
}

ExitCode cancel_run_of_hive(const std::string& run, const RemoteRunOptions& options) {
  Session session(options);
  const auto [circuit, name, status] = session.find(run);
  session.watch_from(
      session.client().ask(decision_about(circuit, messages::CancelRun{"cancelled"})),
      "the cancellation");
  return session.finish(circuit, name, 0, Interruption::leaves);
}

ExitCode retry_run_on_hive(const std::string& run, const RetryOptions& retry,
                           const RemoteRunOptions& options) {
  Session session(options);
  const auto found = session.find(run);
  if (!messages::is_over(found.status))
    return session.decide(found.circuit, found.name, decision_of(run, retry));
  const auto again = session.retry_of_ended(found.name, retry);
  const std::string key = random_key();
  const auto submitted = submit(session.client(), again.plan, key, 0, again.reused);
  if (!options.quiet) say_submitted(submitted, key, found.name);
  return session.finish(submitted.circuit, submitted.run, again.plan.steps.size(),
                        Interruption::cancels);
}

ExitCode preview_decision_on_hive(const std::string& run, const messages::Command& decision,
                                  const RemoteRunOptions& options) {
  Session session(options);
  return session.preview(session.find(run), decision);
}

ExitCode preview_retry_on_hive(const std::string& run, const RetryOptions& retry,
                               const RemoteRunOptions& options) {
  Session session(options);
  const auto found = session.find(run);
  if (!messages::is_over(found.status)) return session.preview(found, decision_of(run, retry));
  const auto again = session.retry_of_ended(found.name, retry);
  fmt::print("{}", retry_preview_text(preview_of(again, found.name), format_of(options.output)));
  return ExitCode::success;
}

ExitCode decide_on_hive(const std::string& run, const messages::Command& decision,
                        const RemoteRunOptions& options) {
  Session session(options);
  const auto found = session.find(run);
  return session.decide(found.circuit, found.name, decision);
}

}  // namespace queenright::program
