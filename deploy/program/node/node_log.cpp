#include "deploy/program/node/node_log.hpp"

#include <cstdlib>

#include "deploy/program/columns.hpp"
#include "deploy/program/say.hpp"

namespace queenright::program {

using messages::LogLevel;

namespace {

/// As systemd has it (sd-daemon), which is syslog's.
int syslog_level(LogLevel level) {
  switch (level) {
    case LogLevel::error: return 3;
    case LogLevel::warning: return 4;
    case LogLevel::info: return 6;
    case LogLevel::debug: return 7;
  }
  return 7;
}

}  // namespace

NodeLog::NodeLog(LogLevel level)
    : level_(level), is_service_(std::getenv("JOURNAL_STREAM") != nullptr) {}

void NodeLog::write(LogLevel level, const std::string& line) const {
  if (level > level_) return;
  if (is_service_)
    say("<{}>queenright: {}\n", syslog_level(level), printable(line));
  else
    say("queenright: {}\n", printable(line));
}

}  // namespace queenright::program
