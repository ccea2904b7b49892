#pragma once

#include <sys/types.h>

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "deploy/program/dev/local_hive.hpp"
#include "deploy/program/dev/notice_board.hpp"
#include "deploy/program/faults/fault_control.hpp"

namespace queenright::program {

/// The processes of a local hive, each started as a person would start it. They end with this one.
class NodeProcesses {
 public:
  struct Ended {
    std::string node;
    std::string how;  ///< "was killed by signal 9", "ended with exit code 6"
  };

  enum class FaultLines { none, open };

  /// Starts all, before any thread. Throws Failure.
  explicit NodeProcesses(const LocalHive& hive, FaultLines fault_lines = FaultLines::none);
  ~NodeProcesses();
  NodeProcesses(const NodeProcesses&) = delete;
  NodeProcesses& operator=(const NodeProcesses&) = delete;

  /// Until each has said that it is ready. Throws Failure: one ended, or takes too long.
  void wait_until_ready();

  /// Of one that runs.
  pid_t process_of(const std::string& node) const { return processes_.at(node); }

  /// Nothing happens when it has ended.
  void send_signal(const std::string& node, int signal) const;

  /// Has a node suffer something. Refused: it has no fault line, or did not obey.
  messages::Result<bool> tell(const std::string& node, const FaultOrder& order,
                              std::chrono::milliseconds patience);

  /// It runs, and has said that it is ready.
  bool is_ready(const std::string& node);

  /// The last line of its log.
  std::string last_words(const std::string& node) const;

  /// Those that ended since it was asked last. Ask often: what nodes tell of how they are is read
  /// here too, and they wait until there is room for it.
  std::vector<Ended> take_ended();

  /// One that ended goes on where it was. Of the thread that made this.
  void start_again(const std::string& node);

  /// Tells all to stop, and waits until they have.
  void stop();

 private:
  pid_t start(const Member& node, bool founding);
  void read_notices(std::chrono::milliseconds patience);

  const LocalHive& hive_;
  const FaultLines fault_lines_;
  NoticeBoard notices_;
  std::set<pid_t> ready_;                      ///< which have said so
  std::map<std::string, FaultControl> lines_;  ///< by node
  std::map<std::string, pid_t> processes_;     ///< that run
};

}  // namespace queenright::program
