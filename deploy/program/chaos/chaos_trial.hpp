#pragma once

#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "deploy/program/chaos/chaos_report.hpp"
#include "deploy/program/chaos/failover_probe.hpp"
#include "deploy/program/chaos/fault_director.hpp"
#include "deploy/program/chaos/workload.hpp"
#include "deploy/program/run/progress.hpp"
#include "deploy/program/status_line.hpp"

namespace queenright::program {

/// One trial of a local hive whose nodes have fault lines.
class ChaosTrial {
 public:
  struct Options {
    std::uint64_t seed{};
    std::chrono::milliseconds duration{};
    std::vector<ChaosKind> kinds;
    std::size_t clients{};
    bool tells = false;  ///< each fault, on stdout
  };

  /// Starts the nodes, before any thread, and waits for them. `hive` outlives it. Throws Failure.
  ChaosTrial(const LocalHive& hive, Options options);

  /// Until all is checked; nothing: `interrupted` came first, and nothing is checked. Either way
  /// all faults are healed and all nodes have ended. Throws Failure.
  std::optional<ChaosReport> run(const std::atomic<bool>& interrupted);

 private:
  using Clock = std::chrono::steady_clock;

  void suffer(Workload& workload, const std::atomic<bool>& interrupted);
  void recover(Workload& workload, const std::atomic<bool>& interrupted);
  void settle(const Workload& workload, const std::atomic<bool>& interrupted);
  std::vector<std::string> not_at_rest(RemoteHive& hive, const Workload& workload);

  void begins(const PlannedFault& fault);
  void began(const PlannedFault& fault);
  void left_out(const PlannedFault& fault, const std::string& why);
  void take_probes();
  void violate(std::string what);
  void tell(const std::string& line);
  void show(const Workload& workload);
  void show(const std::string& line);
  std::chrono::milliseconds elapsed() const;
  std::filesystem::path marks() const { return hive_.directory / "marks"; }

  const LocalHive& hive_;
  const Options options_;
  NodeProcesses processes_;
  FaultDirector director_;
  Clock::time_point began_;
  std::unique_ptr<FailoverProbe> next_probe_;
  std::map<std::size_t, std::unique_ptr<FailoverProbe>> probes_;  ///< by the report's faults
  std::map<std::string, FoundRun> found_;
  ChaosReport report_;
  const bool on_terminal_ = progress_style(false) == Progress::Style::terminal;
  StatusLine status_;
};

}  // namespace queenright::program
