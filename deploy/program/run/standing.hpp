#pragma once

#include <string>

#include "messages/value.hpp"

/// Where a run stands, in short: its report without the tasks.
namespace queenright::program {

/// "run", "plan", "status", "exit_code", "reason", "started", "ended", "milliseconds", "steps": how
/// many have each status, and "open": those that are neither over nor waiting for others, with
/// "step", "status" and "reason".
messages::Value standing_of(const messages::Value& report);

std::string standing_text(const messages::Value& standing);

}  // namespace queenright::program
