#pragma once

#include <functional>
#include <map>
#include <set>

#include "deploy/program/chaos/planned_fault.hpp"
#include "deploy/program/dev/node_processes.hpp"

namespace queenright::program {

/// Has the nodes of a local hive suffer what is planned, each in its time, and brings back those
/// that ended. Of one thread, which has made the processes.
class FaultDirector {
 public:
  struct Hooks {
    std::function<void(const PlannedFault&)> begins;  ///< just before
    std::function<void(const PlannedFault&)> began;
    std::function<void(const PlannedFault&, const std::string& why)> left_out;
    std::function<void(std::string)> violated;  ///< a node did what no fault explains
  };

  /// What is named outlives it.
  FaultDirector(NodeProcesses& processes, const HiveMembers& members,
                std::vector<PlannedFault> faults, Hooks hooks)
      : processes_(processes),
        members_(members),
        faults_(std::move(faults)),
        hooks_(std::move(hooks)) {}

  /// Does what is to be done by that time.
  void go_on(std::chrono::milliseconds since_begin);

  /// Ends every fault; no further one begins.
  void heal();

  /// All nodes run and are ready.
  bool is_whole();

  std::size_t begun() const { return begun_; }

 private:
  std::string obstacle(const PlannedFault& fault) const;
  void begin(const PlannedFault& fault);
  void end(const PlannedFault& fault);
  void part(const std::string& node, const CutPeer& cut);
  void tell(const std::string& node, const FaultOrder& order);
  void bring_back();

  NodeProcesses& processes_;
  const HiveMembers& members_;
  const std::vector<PlannedFault> faults_;
  const Hooks hooks_;
  std::size_t next_ = 0;  ///< of the faults
  std::size_t begun_ = 0;
  std::vector<PlannedFault> lasting_;
  std::set<std::string> ending_;  ///< by a fault, and not known to have ended
  std::set<std::string> held_;    ///< to stay away until the fault is over
  std::set<std::string> ended_;   ///< and not started again yet
};

}  // namespace queenright::program
