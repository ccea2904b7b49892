#pragma once

#include <stdexcept>
#include <string>

namespace queenright::program {

/// The exit codes of every verb (docs/guide.md).
enum class ExitCode : int {
  success = 0,
  failed = 1,       ///< the run failed or was cancelled; a difference, damage
  usage = 2,        ///< usage, configuration, unreadable input, not a recording, a newer version
  not_found = 3,    ///< no such thing, or no worker could ever match
  unavailable = 6,  ///< in use, draining, a failed or damaged journal
  timed_out = 7,
  awaiting_operator = 8,
  interrupted = 130
};

/// Ends the verb: what is wrong, why, and what to do next, for people.
class Failure : public std::runtime_error {
 public:
  Failure(ExitCode exit_code, const std::string& reason)
      : std::runtime_error(reason), exit_code_(exit_code) {}
  ExitCode exit_code() const { return exit_code_; }

 private:
  ExitCode exit_code_;
};

}  // namespace queenright::program
