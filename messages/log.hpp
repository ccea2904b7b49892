#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace queenright::messages {

/// How much a line for the operator of a node matters; a node tells those up to the level it has.
enum class LogLevel : std::uint8_t {
  error,    ///< the node ends, or can't do what it is for
  warning,  ///< somebody has to look: refusals, what is lost
  info,     ///< what a hive goes through: who is over, what was reloaded
  debug     ///< connections that come and go
};

/// Takes one line without its end; may be called from any thread.
using Log = std::function<void(LogLevel, const std::string& line)>;

}  // namespace queenright::messages
