#pragma once

#include <atomic>
#include <string>

#include "messages/log.hpp"

namespace queenright::program {

/// What a node tells its operator: a line each on stderr, with its level before it where systemd
/// reads them.
class NodeLog {
 public:
  explicit NodeLog(messages::LogLevel level);

  /// From any thread; less than the level is left out.
  void write(messages::LogLevel level, const std::string& line) const;
  messages::LogLevel level() const { return level_; }
  void set(messages::LogLevel level) { level_ = level; }

 private:
  std::atomic<messages::LogLevel> level_;
  const bool is_service_;
};

}  // namespace queenright::program
