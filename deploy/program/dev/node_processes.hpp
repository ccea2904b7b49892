#pragma once

#include <sys/types.h>

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "deploy/program/dev/local_hive.hpp"
#include "deploy/program/dev/notice_board.hpp"

namespace queenright::program {

/// The processes of a local hive, each started as a person would start it. They end with this one.
class NodeProcesses {
 public:
  struct Ended {
    std::string node;
    std::string how;  ///< "was killed by signal 9", "ended with exit code 6"
  };

  /// Starts all, before any thread. Throws Failure.
  explicit NodeProcesses(const LocalHive& hive);
  ~NodeProcesses();
  NodeProcesses(const NodeProcesses&) = delete;
  NodeProcesses& operator=(const NodeProcesses&) = delete;

  /// Until each has said that it is ready. Throws Failure: one ended, or takes too long.
  void wait_until_ready();

  pid_t process_of(const std::string& node) const { return processes_.at(node); }

  /// Those that ended since it was asked last.
  std::vector<Ended> take_ended();

  /// One that ended goes on where it was. Of the thread that made this.
  void start_again(const std::string& node);

  /// Tells all to stop, and waits until they have.
  void stop();

 private:
  pid_t start(const Member& node, bool founding) const;
  std::string last_words(const std::string& node) const;

  const LocalHive& hive_;
  NoticeBoard notices_;
  std::map<std::string, pid_t> processes_;  ///< that run
};

}  // namespace queenright::program
