#pragma once

#include <string>

#include "messages/value.hpp"

/// Where the time of a run went, by its report and nothing else.
namespace queenright::program {

/// "milliseconds", "steps": by the time that they took, the longest first: "step", "milliseconds"
/// (from its beginning to its end), "busy_milliseconds" (of all its attempts together),
/// "processor_milliseconds", "peak_memory_bytes", "tasks", "attempts"; "critical_path": the steps
/// that the run's length came from, each begun when the one before had ended.
messages::Value profile_of(const messages::Value& report);

std::string profile_text(const messages::Value& profile);

}  // namespace queenright::program
