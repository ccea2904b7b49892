#include "deploy/program/run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "actors/roles/report.hpp"
#include "deploy/program/follow.hpp"
#include "deploy/program/hint.hpp"
#include "deploy/program/kept_runs.hpp"
#include "deploy/program/plan_file.hpp"
#include "deploy/program/random_key.hpp"
#include "deploy/program/signals.hpp"
#include "messages/digest.hpp"
#include "messages/writer.hpp"

namespace queenright::program {

using messages::Answered;
using messages::CircuitId;
using messages::Reply;
using messages::Value;

namespace {

CircuitId circuit_in(const Value& result) {
  return {static_cast<std::uint64_t>(*result.map()->at("circuit").integer())};
}

void require(const Reply& reply, const std::string& what) {
  if (reply.answered == Answered::ok) return;
  const auto exit_code =
      reply.reason.starts_with("draining") ? ExitCode::unavailable : ExitCode::usage;
  throw Failure(exit_code, what + " was refused: " + reply.reason);
}

/// The hive with its signals, for the time of one verb.
class Session {
 public:
  explicit Session(const RunOptions& options) : options_(options), hive_(options.hive) {
    if (!hive_.torn_tail().empty() && !options.quiet)
      fmt::print(stderr, "queenright: recovered after a crash: {}\n", hive_.torn_tail());
  }

  EmbeddedHive& hive() { return hive_; }
  Client& client() { return hive_.client(); }

  /// Starts the hive; of the open runs only `wanted` go on.
  void start(const std::set<CircuitId>& wanted) {
    std::vector<CircuitId> held;
    for (const auto& [circuit, record] : hive_.open_runs())
      if (!wanted.contains(circuit)) held.push_back(circuit);
    hive_.start(held);
    signals_.emplace([this](int signal) { client().happen(Client::Interrupted{signal}); });
    if (!held.empty() && !options_.quiet)
      fmt::print(stderr, "queenright: {} earlier run{} unfinished: '{}'\n", held.size(),
                 held.size() == 1 ? " is" : "s are",
                 command_line("runs resume --all", options_.hive.data));
  }

  /// Follows the runs, which are watched already, stops the hive and prints their reports.
  ExitCode finish(const Runs& runs, std::size_t steps) {
    ExitCode exit_code = ExitCode::success;
    {
      Progress progress(progress_style(options_.quiet), runs, steps);
      exit_code = follow(client(), progress, runs);
    }
    signals_.reset();
    std::vector<Value> reports;
    std::string damage;
    hive_.with_journal([&](const persistence::Recording& journal) {
      for (const auto& [circuit, name] : runs) {
        auto report = report_of_run(journal, circuit);
        if (report)
          reports.push_back(std::move(report).value());
        else
          damage = report.reason();
      }
    });
    hive_.stop();
    if (!damage.empty()) throw Failure(ExitCode::unavailable, damage);
    for (const auto& report : reports) exit_code = print(report, exit_code);
    return exit_code;
  }

 private:
  /// An interruption stands, a run that waits for a person comes next, then the first failure.
  ExitCode print(const Value& report, ExitCode so_far) const {
    fmt::print("{}", report_text(report, format_of(options_.output)));
    const auto& fields = *report.map();
    const bool waits = *fields.at("status").text() == "awaiting_operator";
    if (waits) say_way_out(fields);
    const bool ended_early = so_far == ExitCode::interrupted || so_far == ExitCode::unavailable;
    if (waits && !ended_early) return ExitCode::awaiting_operator;
    const auto* exit_code = fields.at("exit_code").integer();
    if (so_far != ExitCode::success || exit_code == nullptr) return so_far;
    return static_cast<ExitCode>(*exit_code);
  }

  void say_way_out(const Value::Map& report) const {
    const auto& run = *report.at("run").text();
    for (const auto& step : *report.at("steps").list()) {
      if (*step.map()->at("status").text() != "unknown") continue;
      const auto& id = *step.map()->at("id").text();
      fmt::print(stderr,
                 "queenright: nobody knows what step '{0}' did before it was lost. Look, then:\n"
                 "  {1}    to do it again\n"
                 "  {2}    to go on as if it had succeeded\n",
                 id, command_line("runs retry " + run + " --step " + id, options_.hive.data),
                 command_line("runs retry " + run + " --skip " + id, options_.hive.data));
    }
  }

  const RunOptions& options_;
  const Signals::Blocked blocked_;  ///< before the hive starts its threads
  EmbeddedHive hive_;
  std::optional<Signals> signals_;
};

/// Why there is nothing to go on with.
Failure not_open(const EmbeddedHive& hive, const std::string& run, const RunOptions& options) {
  if (const auto circuit = find_run(hive.recovered_state(), run))
    return {ExitCode::not_found,
            fmt::format("{} is over ({}): submit the plan again", run,
                        roles::name_of(hive.recovered_state().runs.at(*circuit).status))};
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

roles::Plan checked_plan(const std::filesystem::path& path, const RunOptions& options) {
  auto reading = read_plan_file(path, options.variables);
  for (const auto& warning : reading.warnings)
    fmt::print(stderr, "{}: warning\n", text_of(warning));
  for (const auto& error : reading.errors) fmt::print(stderr, "{}\n", text_of(error));
  if (!reading.errors.empty())
    throw Failure(ExitCode::usage,
                  fmt::format("the plan has {} error{}; nothing was started", reading.errors.size(),
                              reading.errors.size() == 1 ? "" : "s"));
  return std::move(reading.plan);
}

}  // namespace

ExitCode run_plan(const std::filesystem::path& path, const RunOptions& options) {
  const auto plan = checked_plan(path, options);
  const std::string encoded = messages::encode(plan);
  const std::string hash = plan_hash(encoded);
  const std::string key = options.key.empty() ? random_key() : options.key;

  Session session(options);
  auto& client = session.client();
  std::set<CircuitId> known;
  for (const auto& [circuit, record] : session.hive().open_runs())
    if (record.key == key) known.insert(circuit);
  session.start(known);
  client.begin_trace(messages::trace_of(key));
  const Reply opened = client.ask({messages::hive_circuit,
                                   {"run/" + key, 0},
                                   messages::OpenRun{plan.title, hash, messages::NodeId{1}, key}});
  require(opened, "the run");
  const CircuitId circuit = circuit_in(opened.result);
  client.watch(circuit);  // before its plan, so that nothing is missed
  const std::string run = *opened.result.map()->at("run").text();
  if (!options.quiet) fmt::print(stderr, "queenright: {} (key {})\n", run, key);
  const Reply begun = client.ask({circuit, {"begin", 0}, messages::Begin{encoded, hash, run, key}});
  if (begun.answered != Answered::closed) require(begun, "the plan");
  return session.finish({{circuit, run}}, plan.steps.size());
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
    if (!options.quiet) fmt::print(stderr, "queenright: no run is unfinished\n");
    return ExitCode::success;
  }
  std::set<CircuitId> started;
  for (const auto& [circuit, name] : wanted) started.insert(circuit);
  for (const auto& [circuit, record] : without_plan) started.insert(circuit);
  session.start(started);
  for (const auto circuit : started) session.client().watch(circuit);
  for (const auto& [circuit, record] : without_plan) {
    if (abandon(session.client(), circuit))
      fmt::print(stderr, "queenright: {} never got its plan and is closed: submit it again\n",
                 record.run);
    else
      wanted.emplace(circuit, record.run);
  }
  return session.finish(wanted, 0);
}

ExitCode resolve_step(const std::string& run, const messages::ResolveStep& decision,
                      const RunOptions& options) {
  require_hive(options.hive.data);
  Session session(options);
  const auto [circuit, record] = open_run(session.hive(), run, options);
  session.start({circuit});
  session.client().begin_trace(messages::trace_of(record.key));
  require(session.client().ask({circuit, {"resolve/" + random_key(), 0}, decision}),
          "the decision");
  session.client().watch(circuit);  // from now on: until then it waits for a person
  return session.finish({{circuit, record.run}}, 0);
}

}  // namespace queenright::program
