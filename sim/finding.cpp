#include "sim/finding.hpp"

#include <algorithm>

#include "sim/trace.hpp"

namespace queenright::sim {
namespace {

constexpr std::size_t traced_lines = 40;

bool is_about_recordings(const Violation& violation) {
  return violation.invariant == "replay" || violation.invariant == "determinism";
}

}  // namespace

Finding explained(const SeedResult& failed, const SeedChecks& checks,
                  const std::atomic<bool>& interrupted, std::size_t tries) {
  Finding finding;
  finding.violation = failed.trial.violations.front();
  finding.drawn = failed.trial.faults.size();
  const auto& invariant = finding.violation.invariant;

  Trace trace;
  Trial traced(checks.setup(failed.seed));
  const auto began = traced.world().now();
  traced.observe(trace);
  traced.run();
  finding.after = finding.violation.at - began;
  finding.trace = trace.around(finding.violation, traced_lines);

  const auto still_shows = [&](const std::vector<Fault>& faults) {
    if (interrupted) return false;
    SeedChecks fewer = checks;
    fewer.setup = [&](std::uint64_t seed) {
      TrialSetup setup = checks.setup(seed);
      setup.faults = faults;
      setup.winners_crash = false;  // those who did are in the list
      return setup;
    };
    if (!is_about_recordings(finding.violation)) fewer.replay = false;
    fewer.once = invariant != "determinism";
    const auto seen = check_seed(failed.seed, fewer).trial.violations;
    return std::any_of(seen.begin(), seen.end(),
                       [&](const Violation& one) { return one.invariant == invariant; });
  };
  finding.shrunk.faults = failed.trial.faults;
  if (tries == 0) return finding;
  finding.shrinkable = still_shows(failed.trial.faults);
  if (finding.shrinkable) finding.shrunk = shrink(failed.trial.faults, still_shows, tries);
  return finding;
}

}  // namespace queenright::sim
