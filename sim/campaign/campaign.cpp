#include "sim/campaign/campaign.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>

#include "election/random.hpp"
#include "sim/campaign/recordings.hpp"

namespace queenright::sim {
namespace {

constexpr auto tell_every = std::chrono::milliseconds{200};

/// What the threads of a campaign share.
class Shared {
 public:
  Shared(SeedRange seeds, unsigned threads, const std::atomic<bool>& interrupted)
      : next_(seeds.first), last_(seeds.last), working_(threads), interrupted_(interrupted) {}

  std::optional<std::uint64_t> take_seed() {
    const std::lock_guard lock(mutex_);
    const std::uint64_t end = failed_ ? failed_->seed : last_;
    if (over_ || next_ > end || error_ || interrupted_) return std::nullopt;
    over_ = next_ == end;  // the last number there is has no next one
    return next_++;
  }

  void done(SeedResult result) {
    const std::lock_guard lock(mutex_);
    totals_.add(result);
    if (result.trial.violations.empty()) return;
    if (!failed_ || result.seed < failed_->seed) failed_ = std::move(result);
  }

  void fail(std::exception_ptr error) {
    const std::lock_guard lock(mutex_);
    error_ = std::move(error);
  }

  void leave() {
    const std::lock_guard lock(mutex_);
    --working_;
    changed_.notify_all();
  }

  /// False: all have left.
  bool wait(Totals& totals) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, tell_every, [&] { return working_ == 0; });
    totals = totals_;
    return working_ > 0;
  }

  CampaignResult result() {
    if (error_) std::rethrow_exception(error_);
    return {totals_, std::move(failed_), interrupted_};
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::uint64_t next_;
  const std::uint64_t last_;
  bool over_ = false;
  unsigned working_;
  const std::atomic<bool>& interrupted_;
  Totals totals_;
  std::optional<SeedResult> failed_;
  std::exception_ptr error_;
};

void work(Shared& shared, const Campaign::RunSeed& run_seed) {
  try {
    while (const auto seed = shared.take_seed()) shared.done(run_seed(*seed));
  } catch (...) {
    shared.fail(std::current_exception());
  }
  shared.leave();
}

}  // namespace

void Totals::add(const SeedResult& result) {
  ++(result.trial.interrupted ? unfinished : seeds);
  turns += result.trial.turns;
  runs += result.trial.runs;
  elections += result.trial.elections;
  faults += result.trial.faults.size();
  repeated += result.repeated ? 1U : 0U;
  replayed += result.replayed ? 1U : 0U;
  simulated += result.trial.simulated;
  if (result.trial.interrupted) return;
  std::uint64_t mixed = result.trial.hash ^ result.seed;
  hash += election::next_random(mixed);
}

Campaign::Campaign(RunSeed run_seed, unsigned threads)
    : run_seed_(std::move(run_seed)), threads_(std::max(threads, 1U)) {}

CampaignResult Campaign::run(SeedRange seeds, const Tell& tell,
                             const std::atomic<bool>& interrupted) {
  Shared shared(seeds, threads_, interrupted);
  std::vector<std::thread> threads;
  for (unsigned i = 0; i < threads_; ++i) threads.emplace_back([&] { work(shared, run_seed_); });
  for (Totals totals; shared.wait(totals);) tell(totals);
  for (auto& thread : threads) thread.join();
  return shared.result();
}

namespace {

/// Then no promise is kept.
bool disks_lied(const std::vector<Fault>& faults) {
  return std::any_of(faults.begin(), faults.end(),
                     [](const Fault& fault) { return fault.kind == FaultKind::lying_sync; });
}

}  // namespace

SeedResult check_seed(std::uint64_t seed, const SeedChecks& checks) {
  const auto setup = [&] {
    auto made = checks.setup(seed);
    made.interrupted = checks.interrupted;
    return made;
  };
  SeedResult result{seed, {}, false, false};
  Trial trial(setup());
  result.trial = trial.run();
  auto& violations = result.trial.violations;
  const auto violate = [&](const char* invariant, std::string what) {
    violations.push_back({trial.world().now(), invariant, std::move(what)});
  };
  if (violations.empty() && !result.trial.interrupted && checks.replay) {
    const auto replayed = replay(trial.world(), trial.options().rules, checks.interrupted);
    if (!replayed.problem.empty())
      violate("replay", replayed.problem);
    else if (!replayed.never_sent.empty() && !disks_lied(result.trial.faults))
      violate("exchange", replayed.never_sent);
    result.trial.interrupted = replayed.interrupted;
    result.replayed = violations.empty() && !replayed.interrupted;
  }
  if (!violations.empty() || result.trial.interrupted || checks.once) return result;
  const auto again = Trial(setup()).run();
  result.trial.interrupted = again.interrupted;
  if (again.interrupted) return result;
  result.repeated = again.hash == result.trial.hash && again.turns == result.trial.turns;
  if (!result.repeated)
    violate("determinism", "the same seed gave hash " + std::to_string(result.trial.hash) +
                               " after " + std::to_string(result.trial.turns) + " turns, and " +
                               std::to_string(again.hash) + " after " +
                               std::to_string(again.turns));
  return result;
}

}  // namespace queenright::sim
