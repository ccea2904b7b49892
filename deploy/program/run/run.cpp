#include "deploy/program/run/run.hpp"

#include <fmt/format.h>
#include <malloc.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <set>
#include <thread>

#include "actors/roles/report.hpp"
#include "deploy/program/hint.hpp"
#include "deploy/program/random_key.hpp"
#include "deploy/program/records/kept_runs.hpp"
#include "deploy/program/records/recording_at.hpp"
#include "deploy/program/run/dry_run.hpp"
#include "deploy/program/run/follow.hpp"
#include "deploy/program/run/outcome.hpp"
#include "deploy/program/run/past_runs.hpp"
#include "deploy/program/run/report_fields.hpp"
#include "deploy/program/run/submission.hpp"
#include "deploy/program/say.hpp"
#include "deploy/program/signals.hpp"
#include "messages/digest.hpp"

namespace queenright::program {

using messages::Answer;
using messages::Answered;
using messages::CircuitId;
using messages::Value;

namespace {

constexpr auto look_again_after = std::chrono::milliseconds{2};
constexpr auto speaks_within = std::chrono::seconds{30};

/// The hive with its signals, for the time of one verb.
class Session {
 public:
  explicit Session(const RunOptions& options) : options_(options), hive_(options.hive) {
    if (!hive().torn_tail().empty() && !options.quiet)
      say("queenright: recovered after a crash: {}\n", hive().torn_tail());
  }

  EmbeddedHive& hive() { return *hive_; }
  Client& client() { return hive().client(); }

  /// Starts the hive to say something to one run; no work is begun.
  void start_to_speak(CircuitId run) {
    hive().start(open_but({run}), EmbeddedHive::WorkerDoes::wait);
    client().give_up_after(speaks_within);
  }

  /// Starts the hive; of the open runs only `wanted` go on.
  void start(const std::set<CircuitId>& wanted) {
    hive().start(open_but(wanted));
    signals_.emplace([this](int signal) { client().happen(Client::Interrupted{signal}); });
    const auto open = hive().open_runs();
    const auto unfinished = std::count_if(open.begin(), open.end(), [&](const auto& run) {
      return !wanted.contains(run.first) && !messages::is_at_rest(run.second.status);
    });
    if (unfinished > 0 && !options_.quiet)
      say("queenright: {} earlier run{} unfinished: '{}'\n", unfinished,
          unfinished == 1 ? " is" : "s are", command_line("runs resume --all", options_.hive.data));
  }

  /// Whether an open run goes on, and then watches it. That is known once the circuit has heard
  /// that its worker is there, and so how much time has passed: what it waited for may be over by
  /// now. A stale read is refused only when the circuit is gone.
  bool goes_on(CircuitId circuit) {
    const auto recovered = hive().recovered_entry(circuit);
    for (;;) {
      const auto answer = read(circuit);
      if (answer.refused.empty() && answer.applied <= recovered) {
        std::this_thread::sleep_for(look_again_after);
        continue;
      }
      client().watch(circuit, {recovered.value + 1});
      const bool is_over = !answer.refused.empty();
      return is_over || text_at(*answer.value.map(), "status") != "awaiting_operator";
    }
  }

  /// A circuit shows what it does before its hive's list has it: who ended then would leave a list
  /// that is not true. What the hive never takes up is not waited for without end.
  void wait_until_listed(const Runs& runs) {
    const auto end = std::chrono::steady_clock::now() + speaks_within;
    for (const auto& [circuit, name] : runs)
      while (!is_listed(circuit, name) && std::chrono::steady_clock::now() < end)
        std::this_thread::sleep_for(look_again_after);
  }

  /// Where these runs stand, from what the journal has; the hive is stopped, and its memory free.
  std::vector<Value> stop_and_report(const Runs& runs) {
    hive().stop();
    hive_.reset();
    blocked_.reset();  // printing may take as long as its reader does
    ::malloc_trim(0);  // a report of 100,000 tasks needs the room that these had
    const auto journal = open_recording_at(options_.hive.data);
    std::vector<Value> reports;
    for (const auto& [circuit, name] : runs) {
      auto report = report_of_run(*journal, options_.hive.data, circuit);
      if (!report) throw Failure(ExitCode::unavailable, report.reason());
      reports.push_back(std::move(report).value());
    }
    return reports;
  }

  /// Follows the runs, which are watched already, to where they end or wait, and stops the hive. Of
  /// those that wait already only the report is made.
  Outcome finish(const Runs& runs, std::size_t steps, const Runs& waiting = {}) {
    ExitCode exit_code = ExitCode::success;
    {
      Progress progress(progress_style(options_.quiet), runs, steps);
      exit_code = follow(client(), progress, runs, is_closed_or_waits, Interruption::cancels);
    }
    signals_.reset();
    auto all = runs;
    all.insert(waiting.begin(), waiting.end());
    const bool is_stopped = exit_code != ExitCode::success && exit_code != ExitCode::interrupted;
    if (!is_stopped) wait_until_listed(all);
    auto reports = stop_and_report(all);
    for (const auto& report : reports) {
      exit_code = worse(exit_code, report);
      if (waits(report))
        say_way_out(
            report, [&](const std::string& verb) { return command_line(verb, options_.hive.data); },
            GoesOn::when_resumed);
    }
    return {exit_code, std::move(reports)};
  }

 private:
  Answer read(CircuitId circuit) {
    return client().ask(messages::Read{circuit, {random_key(), 0}, true});
  }

  /// Whether the hive says of it what its own circuit says. One that is closed is listed, old ones
  /// are not in the hive's summary, and who is quarantined says nothing.
  bool is_listed(CircuitId circuit, const std::string& name) {
    const auto run = read(circuit);
    if (!run.refused.empty()) return true;
    const auto hive = read(messages::hive_circuit);
    if (!hive.refused.empty()) return true;
    const auto& listed = map_at(*hive.value.map(), "runs");
    return !listed.contains(name) ||
           text_at(listed, name.c_str()) == text_at(*run.value.map(), "status");
  }

  std::vector<CircuitId> open_but(const std::set<CircuitId>& wanted) const {
    std::vector<CircuitId> others;
    for (const auto& [circuit, record] : hive_->open_runs())
      if (!wanted.contains(circuit)) others.push_back(circuit);
    return others;
  }

  const RunOptions& options_;
  std::optional<Signals::Blocked> blocked_{std::in_place};  ///< before the hive's threads
  std::optional<EmbeddedHive> hive_;
  std::optional<Signals> signals_;
};

ExitCode print(const Outcome& outcome, const RunOptions& options) {
  for (const auto& report : outcome.reports)
    print_outcome(report, format_of(options.output), options.profile);
  return outcome.exit_code;
}

/// For programs always a list, however many there are.
ExitCode print_all(const Outcome& outcome, const RunOptions& options) {
  const Format format = format_of(options.output);
  if (format == Format::human) return print(outcome, options);
  fmt::print("{}", formatted(Value::List(outcome.reports.begin(), outcome.reports.end()), format));
  return outcome.exit_code;
}

Failure is_over_already(const std::string& run, messages::RunStatus status,
                        const RunOptions& options) {
  const auto way_on = status == messages::RunStatus::succeeded
                          ? std::string("a plan is submitted again for another run")
                          : fmt::format("'{}' runs it again without what succeeded",
                                        command_line("runs retry " + run, options.hive.data));
  return {ExitCode::usage, fmt::format("{} is over ({}): {}", run, name_of(status), way_on)};
}

/// Why there is nothing to go on with.
Failure not_open(const EmbeddedHive& hive, const std::string& run, const RunOptions& options) {
  if (const auto circuit = find_run(hive.recovered_state(), run))
    return is_over_already(run, hive.recovered_state().runs.at(*circuit).status, options);
  return {ExitCode::not_found, fmt::format("there is no run '{}'; '{}' shows all", run,
                                           command_line("runs list", options.hive.data))};
}

std::pair<CircuitId, roles::RunRecord> open_run(const EmbeddedHive& hive, const std::string& run,
                                                const RunOptions& options) {
  for (const auto& open : hive.open_runs())
    if (open.second.run == run || std::to_string(open.first.value) == run) return open;
  throw not_open(hive, run, options);
}

/// Going on makes no hive: a directory without one was mistyped.
void require_hive(const std::filesystem::path& data) {
  if (!std::filesystem::exists(data / "journal"))
    throw Failure(ExitCode::usage, "there is no hive in " + data.string());
}

/// Ends the run if its plan never came; it may have, with the hive circuit yet to hear of it.
bool abandon(Client& client, CircuitId circuit) {
  const auto wish = roles::abandonment(circuit);
  return client.ask({circuit, wish.key, wish.command}).answered == Answered::ok;
}

/// Its worker has this process's environment, and so its secrets.
void warn_of_missing_secrets(const roles::Plan& plan) {
  for (const auto& secret : plan.secrets) {
    const char* value = std::getenv(secret.c_str());
    if (value == nullptr || *value == '\0')
      say("queenright: warning: the secret {} is not in this environment: every program of the "
          "plan "
          "will fail\n",
          secret);
  }
}

/// The only worker of an embedded hive.
roles::KnownWorker own_worker(const HiveOptions& hive) {
  roles::KnownWorker worker;
  worker.told.worker = {own_node, messages::worker_role()};
  worker.told.offer = worker_offer(hive);
  return worker;
}

}  // namespace

ExitCode run_plan(const std::filesystem::path& path, const RunOptions& options) {
  const auto plan = checked_plan(path, options.plan);
  const std::string key = options.key.empty() ? random_key() : options.key;

  require_workers(plan, {own_worker(options.hive)});  // the hive would do it only once it is there
  warn_of_missing_secrets(plan);
  Session session(options);
  auto& client = session.client();
  std::set<CircuitId> known;
  std::uint64_t abandoned = 0;
  for (const auto& [circuit, record] : session.hive().recovered_state().runs) {
    if (record.key != key) continue;
    if (roles::never_began(record)) ++abandoned;  // it was never acknowledged: open a new one
    if (!messages::is_over(record.status)) known.insert(circuit);
  }
  session.start(known);
  const auto submitted = submit(client, plan, key, abandoned);
  if (!options.quiet) say_submitted(submitted, key);
  return print(session.finish({{submitted.circuit, submitted.run}}, plan.steps.size()), options);
}

ExitCode dry_run(const std::filesystem::path& path, const RunOptions& options) {
  const auto plan = checked_plan(path, options.plan);
  const auto worker = own_worker(options.hive);
  require_workers(plan, {worker});
  warn_of_missing_secrets(plan);
  return print_dry_run(dry_run_of(plan, {worker}), options.output);
}

/// Which would go on.
ExitCode preview_resume(const std::optional<std::string>& run, const RunOptions& options) {
  const auto recording = open_recording_at(options.hive.data);
  auto known = hive_of(*recording);
  if (!known) throw Failure(ExitCode::failed, known.reason());
  auto hive = std::move(known).value();
  std::erase_if(hive.runs, [&](const auto& one) {
    const auto& [circuit, record] = one;
    return messages::is_over(record.status) ||
           (run && record.run != *run && std::to_string(circuit.value) != *run);
  });
  if (run && hive.runs.empty())
    throw Failure(ExitCode::not_found, fmt::format("there is no unfinished run '{}'", *run));
  fmt::print("{}", runs_text(roles::runs_of(hive), format_of(options.output)));
  return ExitCode::success;
}

ExitCode resume_runs(const std::optional<std::string>& run, const RunOptions& options) {
  require_hive(options.hive.data);
  Session session(options);
  Runs wanted;
  std::vector<std::pair<CircuitId, roles::RunRecord>> without_plan;
  for (const auto& open : session.hive().open_runs()) {
    if (run && open.second.run != *run && std::to_string(open.first.value) != *run) continue;
    if (open.second.status == messages::RunStatus::queued)
      without_plan.push_back(open);
    else
      wanted.emplace(open.first, open.second.run);
  }
  if (wanted.empty() && without_plan.empty()) {
    if (run) throw not_open(session.hive(), *run, options);
    if (!options.quiet) say("queenright: no run is unfinished\n");
    return print_all({ExitCode::success, {}}, options);
  }
  std::set<CircuitId> started;
  for (const auto& [circuit, name] : wanted) started.insert(circuit);
  for (const auto& [circuit, record] : without_plan) started.insert(circuit);
  session.start(started);
  Runs waiting;
  for (const auto& [circuit, name] : wanted)
    if (!session.goes_on(circuit)) waiting.emplace(circuit, name);
  for (const auto& [circuit, name] : waiting) wanted.erase(circuit);
  for (const auto& [circuit, record] : without_plan) {
    session.client().watch(circuit);
    if (abandon(session.client(), circuit))
      say("queenright: {} never got its plan and is closed: submit it again\n", record.run);
    else
      wanted.emplace(circuit, record.run);
  }
  const Outcome outcome = session.finish(wanted, 0, waiting);
  return run ? print(outcome, options) : print_all(outcome, options);
}

ExitCode retry_run(const std::string& run, const RetryOptions& retry, const RunOptions& options) {
  require_hive(options.hive.data);
  const auto again = retry_of_ended(options.hive.data, run, retry);
  if (!again) return decide(run, decision_of(run, retry), options);
  Session session(options);
  session.start({});
  const std::string key = random_key();
  const auto submitted = submit(session.client(), again->plan, key, 0, again->reused);
  if (!options.quiet) say_submitted(submitted, key, run);
  return print(session.finish({{submitted.circuit, submitted.run}}, again->plan.steps.size()),
               options);
}

ExitCode preview_retry(const std::string& run, const RetryOptions& retry,
                       const RunOptions& options) {
  const auto again = retry_of_ended(options.hive.data, run, retry);
  if (!again)
    return preview_decision(options.hive.data, run, decision_of(run, retry), options.output);
  fmt::print("{}", retry_preview_text(preview_of(*again, run), format_of(options.output)));
  return ExitCode::success;
}

ExitCode record_decision(const std::string& run, const messages::ApproveStep& decision,
                         const RunOptions& options) {
  require_hive(options.hive.data);
  Session session(options);
  const auto [circuit, record] = open_run(session.hive(), run, options);
  session.start_to_speak(circuit);
  session.client().begin_trace(messages::trace_of(record.key));
  require(session.client().ask(decision_about(circuit, decision)), "the decision");
  session.wait_until_listed({{circuit, record.run}});
  const Value report = std::move(session.stop_and_report({{circuit, record.run}}).front());
  print_report(report, format_of(options.output));
  const auto typed = [&](const std::string& verb) { return command_line(verb, options.hive.data); };
  if (waits(report))
    say_way_out(report, typed, GoesOn::when_resumed);
  else if (report.map()->at("exit_code").is_null())  // it is not over
    say("queenright: recorded; the run goes on by:\n  {}\n", typed("runs resume " + record.run));
  return ExitCode::success;
}

ExitCode decide(const std::string& run, const messages::Command& decision,
                const RunOptions& options) {
  require_hive(options.hive.data);
  Session session(options);
  const auto [circuit, record] = open_run(session.hive(), run, options);
  session.start({circuit});
  session.client().begin_trace(messages::trace_of(record.key));
  require(session.client().ask(decision_about(circuit, decision)), "the decision");
  session.client().watch(circuit);  // from now on: until then it waits for a person
  return print(session.finish({{circuit, record.run}}, 0), options);
}

}  // namespace queenright::program
