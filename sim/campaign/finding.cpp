#include "sim/campaign/finding.hpp"

#include <algorithm>
#include <utility>

#include "sim/campaign/trace.hpp"

namespace queenright::sim {
namespace {

constexpr std::size_t traced_lines = 40;

bool is_about_recordings(const Violation& violation) {
  return violation.invariant == "replay" || violation.invariant == "exchange" ||
         violation.invariant == "determinism";
}

/// Of an expectation: of the same line of its file.
bool is_same(const Violation& one, const Violation& other) {
  const auto line = [](const Violation& of) { return of.what.substr(0, of.what.find(": ")); };
  return one.invariant == other.invariant &&
         (one.invariant != "expect" || line(one) == line(other));
}

const Violation* find_same(const std::vector<Violation>& seen, const Violation& as) {
  const auto found = std::find_if(seen.begin(), seen.end(),
                                  [&](const Violation& one) { return is_same(one, as); });
  return found == seen.end() ? nullptr : &*found;
}

TrialSetup with_faults(TrialSetup setup, std::vector<Fault> faults) {
  setup.faults = std::move(faults);
  setup.winners_crash = false;  // those who did are in the list
  return setup;
}

/// The turns before the violation, and when it is.
void trace(Finding& finding, TrialSetup setup) {
  Trace trace;
  Trial traced(std::move(setup));
  traced.observe(trace);
  const auto ran = traced.run();
  if (ran.interrupted) return;
  if (const Violation* again = find_same(ran.violations, finding.violation))
    finding.violation = *again;
  finding.after = finding.violation.at - messages::Instant{};
  finding.trace = trace.around(finding.violation, traced_lines);
}

}  // namespace

Finding explained(const SeedResult& failed, const SeedChecks& checks, std::size_t tries) {
  if (failed.trial.violations.front().invariant == "expect") tries = 0;  // it is of these faults
  const auto interrupted = [&] { return checks.interrupted != nullptr && *checks.interrupted; };
  Finding finding;
  finding.violation = failed.trial.violations.front();
  finding.after = finding.violation.at - messages::Instant{};
  finding.drawn = failed.trial.faults.size();
  finding.faults = failed.trial.faults;
  const auto still_shows = [&](const std::vector<Fault>& faults) {
    if (interrupted()) return false;
    SeedChecks fewer = checks;
    fewer.setup = [&](std::uint64_t seed) { return with_faults(checks.setup(seed), faults); };
    if (!is_about_recordings(finding.violation)) fewer.replay = false;
    fewer.once = finding.violation.invariant != "determinism";
    return find_same(check_seed(failed.seed, fewer).trial.violations, finding.violation) != nullptr;
  };
  if (tries != 0 && still_shows(failed.trial.faults)) {
    auto shrunk = shrink(failed.trial.faults, still_shows, tries);
    finding.faults = std::move(shrunk.faults);
    finding.search = shrunk.minimal && !interrupted() ? Search::done : Search::stopped;
  } else if (tries != 0) {
    finding.search = interrupted() ? Search::stopped : Search::in_vain;
  }
  const bool fewer = finding.search == Search::done || finding.search == Search::stopped;
  auto setup = checks.setup(failed.seed);
  setup.interrupted = checks.interrupted;
  trace(finding, fewer ? with_faults(std::move(setup), finding.faults) : std::move(setup));
  return finding;
}

}  // namespace queenright::sim
