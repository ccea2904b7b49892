#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "sim/faults/fault_draw.hpp"
#include "sim/faults/injection.hpp"
#include "sim/invariants/violation.hpp"

namespace queenright::sim {

/// Makes who looks on at one trial; each trial has its own.
using MakeWatchers = std::function<std::vector<std::unique_ptr<Watcher>>()>;

/// What is done to the hive at an instant, or asked of it, besides faults.
struct Doing {
  Duration at{};
  std::function<std::string(World&)> act;  ///< what there is to tell of it; mostly nothing
};

struct TrialSetup {
  Options options;
  Phases phases;  ///< parts that are no longer than 0 are left out
  std::vector<Fault> faults;
  std::vector<Doing> doings;  ///< in the order of time
  MakeWatchers watchers;
  /// Two in five queens crash within 8 ms of being elected, or of beginning to close a circuit, as
  /// long as faults last.
  bool winners_crash = false;
  const std::atomic<bool>* interrupted = nullptr;  ///< outlives the trial; looked at all the time
};

struct TrialResult {
  std::vector<Violation> violations;  ///< those of the first look that found any
  bool interrupted{};                 ///< it ended before its time, and was not judged at its end
  std::vector<Fault> faults;          ///< with the crashes of winners
  std::vector<std::string> told;      ///< by what was done, in its order
  std::uint64_t hash{};
  std::uint64_t turns{};
  std::uint64_t runs{};  ///< that ended
  std::uint64_t elections{};
  Duration simulated{};
};

/// One hive's life under faults, the same whenever it is run.
class Trial {
 public:
  explicit Trial(TrialSetup setup);
  ~Trial();

  /// One more to look on, for its sake alone; outlives the trial. Before `run`.
  void observe(Observer& observer) { world_.observe(observer); }

  /// Once. Ends early when a watcher has seen a violation.
  TrialResult run();

  const World& world() const { return world_; }
  const Options& options() const { return setup_.options; }

 private:
  class Elections;

  void begin(Part part);
  bool run_until(Duration end);
  void do_what_is_due(Duration now);
  void crash_winners();
  bool may_forget(NodeId queen) const;
  bool violated();

  TrialSetup setup_;
  World world_;
  Injection injection_;
  std::unique_ptr<Elections> elections_;
  std::vector<std::unique_ptr<Watcher>> watchers_;
  std::size_t next_doing_ = 0;
  Draw draw_;
  TrialResult result_;
};

}  // namespace queenright::sim
