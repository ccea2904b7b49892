#pragma once

#include <stdexcept>
#include <string>

#include "messages/exit_code.hpp"

namespace queenright::program {

using messages::ExitCode;

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
