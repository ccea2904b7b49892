#pragma once

#include <atomic>
#include <functional>
#include <optional>
#include <vector>

#include "sim/campaign/trial.hpp"

/// Many seeds, on all cores: a seed is one thread's.
namespace queenright::sim {

struct SeedRange {
  std::uint64_t first = 1;
  std::uint64_t last = 1;  ///< this one too
};

struct SeedResult {
  std::uint64_t seed{};
  TrialResult trial;
  bool repeated{};  ///< run again, with the same hash
  bool replayed{};  ///< its recordings replay identical
};

struct Totals {
  std::uint64_t seeds{};       ///< that came to their end
  std::uint64_t unfinished{};  ///< that were interrupted; in all numbers but `seeds` and `hash`
  std::uint64_t turns{};
  std::uint64_t runs{};
  std::uint64_t elections{};
  std::uint64_t faults{};
  std::uint64_t repeated{};
  std::uint64_t replayed{};
  Duration simulated{};
  std::uint64_t hash{};  ///< of all hashes, whatever the order in which they were had

  void add(const SeedResult& result);
};

struct CampaignResult {
  Totals totals;
  std::optional<SeedResult> failed;  ///< the lowest seed with a violation
  bool interrupted{};
};

class Campaign {
 public:
  using RunSeed = std::function<SeedResult(std::uint64_t seed)>;
  using Tell = std::function<void(const Totals&)>;

  /// `run_seed` is called on several threads at once; what it throws ends the campaign.
  Campaign(RunSeed run_seed, unsigned threads);

  /// The first violation ends it, once all lower seeds are done. `tell` is called on the calling
  /// thread, several times a second.
  CampaignResult run(SeedRange seeds, const Tell& tell, const std::atomic<bool>& interrupted);

 private:
  RunSeed run_seed_;
  const unsigned threads_;
};

/// What a seed needs to be judged.
struct SeedChecks {
  std::function<TrialSetup(std::uint64_t seed)> setup;
  bool replay = true;                              ///< what its nodes have written
  bool once = false;                               ///< not run a second time
  const std::atomic<bool>* interrupted = nullptr;  ///< outlives the seed; looked at all the time
};

/// Runs a seed's trial, replays its recordings, and runs it again: it must be the same.
SeedResult check_seed(std::uint64_t seed, const SeedChecks& checks);

}  // namespace queenright::sim
