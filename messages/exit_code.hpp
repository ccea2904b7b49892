#pragma once

#include <cstdint>

namespace queenright::messages {

/// How runs, nodes and all verbs end, as their callers are told (docs/guide.md).
enum class ExitCode : std::int32_t {
  success = 0,
  failed = 1,       ///< the run failed or was cancelled; a difference, damage
  usage = 2,        ///< usage, configuration, unreadable input, not a recording, a newer version
  not_found = 3,    ///< no such thing, or no worker could ever match
  unavailable = 6,  ///< in use, draining, by a mode; a failed or damaged journal
  timed_out = 7,
  awaiting_operator = 8,
  interrupted = 130
};

constexpr std::int32_t number_of(ExitCode code) { return static_cast<std::int32_t>(code); }

}  // namespace queenright::messages
