#include "sim/finding.hpp"

#include <algorithm>
#include <utility>

#include "sim/trace.hpp"

namespace queenright::sim {
namespace {

constexpr std::size_t traced_lines = 40;

bool is_about_recordings(const Violation& violation) {
  return violation.invariant == "replay" || violation.invariant == "determinism";
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
  const auto began = traced.world().now();
  traced.observe(trace);
  const auto seen = traced.run().violations;
  if (const Violation* again = find_same(seen, finding.violation)) finding.violation = *again;
  finding.after = finding.violation.at - began;
  finding.trace = trace.around(finding.violation, traced_lines);
}

}  // namespace

Finding explained(const SeedResult& failed, const SeedChecks& checks,
                  const std::atomic<bool>& interrupted, std::size_t tries) {
  Finding finding;
  finding.violation = failed.trial.violations.front();
  finding.drawn = failed.trial.faults.size();
  const auto still_shows = [&](const std::vector<Fault>& faults) {
    if (interrupted) return false;
    SeedChecks fewer = checks;
    fewer.setup = [&](std::uint64_t seed) { return with_faults(checks.setup(seed), faults); };
    if (!is_about_recordings(finding.violation)) fewer.replay = false;
    fewer.once = finding.violation.invariant != "determinism";
    return find_same(check_seed(failed.seed, fewer).trial.violations, finding.violation) != nullptr;
  };
  finding.shrunk.faults = failed.trial.faults;
  finding.shrinkable = tries != 0 && still_shows(failed.trial.faults);
  if (finding.shrinkable) finding.shrunk = shrink(failed.trial.faults, still_shows, tries);
  if (interrupted) finding.shrunk.minimal = false;
  auto setup = checks.setup(failed.seed);
  trace(finding, finding.shrinkable ? with_faults(std::move(setup), finding.shrunk.faults)
                                    : std::move(setup));
  return finding;
}

}  // namespace queenright::sim
