#include "deploy/program/chaos/chaos_trial.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <thread>
#include <utility>

#include "actors/roles/hive/hive.hpp"
#include "deploy/program/chaos/fault_plan.hpp"
#include "deploy/program/failure.hpp"
#include "deploy/program/hive/hive_view.hpp"
#include "sim/faults/time_text.hpp"

namespace queenright::program {

using messages::Value;
using std::chrono::milliseconds;

namespace {

constexpr milliseconds look_every{10};
constexpr milliseconds ask_every{300};
constexpr std::chrono::seconds patience_to_come_back{90};
// A worker may be given up only when its time to live is over, which is a minute.
constexpr std::chrono::seconds patience_to_end{240};

/// Of so many runs a hive forgets the oldest ones that are over: gives the first that it has not;
/// none: it has all.
std::optional<messages::CircuitId> oldest_kept(const Value& runs) {
  if (runs.list()->size() < roles::runs_kept) return std::nullopt;
  for (const auto& run : *runs.list())
    if (*run.map()->at("status").text() == "succeeded")
      return messages::CircuitId{static_cast<std::uint64_t>(*run.map()->at("circuit").integer())};
  return std::nullopt;
}

std::vector<PlannedFault> drawn(const LocalHive& hive, const ChaosTrial::Options& options) {
  return draw_faults(options.seed, {options.kinds, options.duration, hive.members.nodes});
}

/// At once: a slow disk may not, and a full one only with its next write.
bool takes_roots(ChaosKind kind) {
  return kind == ChaosKind::kill || kind == ChaosKind::stop || kind == ChaosKind::partition;
}

/// The steps of a run of which nobody knows what they did.
std::vector<std::string> unknown_steps(const Value& report) {
  std::vector<std::string> found;
  for (const auto& step : *report.map()->at("steps").list())
    if (*step.map()->at("status").text() == "unknown")
      found.push_back(*step.map()->at("id").text());
  return found;
}

}  // namespace

ChaosTrial::ChaosTrial(const LocalHive& hive, Options options)
    : hive_(hive),
      options_(std::move(options)),
      processes_(hive, NodeProcesses::FaultLines::open),
      director_(
          processes_, hive.members, drawn(hive, options_),
          {[this](const PlannedFault& fault) { begins(fault); },
           [this](const PlannedFault& fault) { began(fault); },
           [this](const PlannedFault& fault, const std::string& why) { left_out(fault, why); },
           [this](std::string what) { violate(std::move(what)); }}) {
  processes_.wait_until_ready();
  report_.seed = options_.seed;
  report_.duration = options_.duration;
  report_.queens = hive_.members.count(MemberKind::queen);
  report_.workers = hive_.members.count(MemberKind::worker);
}

std::optional<ChaosReport> ChaosTrial::run(const std::atomic<bool>& interrupted) {
  began_ = Clock::now();
  {
    Workload workload(hive_, marks(), options_.seed, options_.clients);
    suffer(workload, interrupted);
    recover(workload, interrupted);
    try {
      if (!interrupted) settle(workload, interrupted);
      report_.runs = check_runs(workload.submissions(), found_, lines_of(marks()));
    } catch (const Failure& failure) {
      violate(std::string("all is healed, but: ") + failure.what());
    }
  }
  status_.clear();
  processes_.stop();
  if (interrupted) return std::nullopt;
  report_.journals = check_journals(hive_.directory);
  if (report_.journals.recordings != hive_.members.nodes.size())
    violate(fmt::format("{} nodes have {} journals that replay", hive_.members.nodes.size(),
                        report_.journals.recordings));
  for (auto* all : {&report_.runs.violations, &report_.journals.violations})
    for (auto& one : *all) violate(std::move(one));
  return std::move(report_);
}

void ChaosTrial::suffer(Workload& workload, const std::atomic<bool>& interrupted) {
  while (!interrupted && elapsed() < options_.duration) {
    director_.go_on(elapsed());
    take_probes();
    show(workload);
    std::this_thread::sleep_for(look_every);
  }
}

/// Until every node is back, and every client has been answered.
void ChaosTrial::recover(Workload& workload, const std::atomic<bool>& interrupted) {
  director_.heal();
  workload.finish();
  const auto since = Clock::now();
  for (;;) {
    if (interrupted) workload.give_up();
    director_.go_on(elapsed());
    const bool whole = director_.is_whole();
    take_probes();
    if (workload.is_finished() && probes_.empty() && (whole || interrupted)) return;
    if (Clock::now() - since > patience_to_come_back) break;
    show(workload);
    std::this_thread::sleep_for(look_every);
  }
  violate("all is healed, and the hive has not come back within 90 s");
  workload.give_up();
}

/// Until every run is over, or waits.
void ChaosTrial::settle(const Workload& workload, const std::atomic<bool>& interrupted) {
  RemoteHive hive({hive_.directory.string(), {}}, true);
  const auto since = Clock::now();
  while (!interrupted) {
    director_.go_on(elapsed());
    const auto left = not_at_rest(hive, workload);
    if (left.empty() || Clock::now() - since > patience_to_end) break;
    show(fmt::format("chaos  healed; {} runs go on, {} first", left.size(), left.front()));
    std::this_thread::sleep_for(ask_every);
  }
  for (auto& [run, found] : found_)
    if (found.status == "awaiting_operator") found.waits_for = unknown_steps(hive.report(run));
}

std::vector<std::string> ChaosTrial::not_at_rest(RemoteHive& hive, const Workload& workload) {
  const Value runs = hive.ask("runs", {});
  found_.clear();
  for (const auto& run : *runs.list()) {
    const auto& record = *run.map();
    const auto reason = record.find("reason");
    found_[*record.at("run").text()] = {
        *record.at("status").text(), reason == record.end() ? "" : *reason->second.text(), {}};
  }
  const auto oldest = oldest_kept(runs);
  std::vector<std::string> left;
  for (const auto& submission : workload.submissions()) {
    if (oldest && !submission.run.empty() && submission.circuit < *oldest)
      found_.try_emplace(submission.run, FoundRun{forgotten, {}, {}});
    const auto found = found_.find(submission.run);
    if (!submission.run.empty() &&
        (found == found_.end() || !messages::is_at_rest(found->second.status)))
      left.push_back(submission.run);
  }
  return left;
}

/// Whether the fault takes the root is asked just before, of a queen whom it leaves alone.
void ChaosTrial::begins(const PlannedFault& fault) {
  tell(text_of(fault));
  next_probe_.reset();
  report_.faults.push_back({fault, {}, false, {}});
  if (!takes_roots(fault.kind)) return;
  const auto* hit = hive_.members.node(fault.nodes.front());
  if (fault.nodes.size() > 1 || hit->kind != MemberKind::queen) return;
  for (const auto& other : hive_.members.nodes) {
    if (other.kind != MemberKind::queen || other.id == hit->id) continue;
    try {
      next_probe_ =
          std::make_unique<FailoverProbe>(HiveAccess{text_of(*other.clients), hive_.client_file});
    } catch (const Failure&) {
      return;
    }
    report_.faults.back().took_root = next_probe_->root() == hit->id;
    return;
  }
}

void ChaosTrial::began(const PlannedFault& fault) {
  if (!report_.faults.back().took_root) return;
  next_probe_->begin(hive_.members.node(fault.nodes.front())->id);
  probes_[report_.faults.size() - 1] = std::move(next_probe_);
}

void ChaosTrial::left_out(const PlannedFault& fault, const std::string& why) {
  tell(text_of(fault) + ": left out, " + why);
  report_.faults.push_back({fault, why, false, {}});
}

void ChaosTrial::take_probes() {
  for (auto one = probes_.begin(); one != probes_.end();) {
    if (!one->second->is_over()) {
      ++one;
      continue;
    }
    const auto took = one->second->took();
    auto& suffered = report_.faults[one->first];
    suffered.agreed_again = took;
    if (took)
      tell(fmt::format("  {} led the hive; agreed again after {} ms", suffered.fault.nodes.front(),
                       took->count()));
    else
      violate("after '" + text_of(suffered.fault) + "' nothing was agreed on for a minute");
    one = probes_.erase(one);
  }
}

void ChaosTrial::violate(std::string what) {
  tell("VIOLATION: " + what);
  report_.violations.push_back(std::move(what));
}

void ChaosTrial::tell(const std::string& line) {
  if (!options_.tells) return;
  status_.clear();
  fmt::print("{}\n", line);
  std::fflush(stdout);
}

void ChaosTrial::show(const Workload& workload) {
  show(fmt::format("chaos  {} of {}  {} faults  {} runs",
                   sim::time_text(std::chrono::floor<std::chrono::seconds>(elapsed())),
                   sim::time_text(options_.duration), director_.begun(),
                   workload.submissions().size()));
}

void ChaosTrial::show(const std::string& line) {
  if (on_terminal_ && status_.is_due()) status_.show(line);
}

milliseconds ChaosTrial::elapsed() const {
  return std::chrono::floor<milliseconds>(Clock::now() - began_);
}

}  // namespace queenright::program
