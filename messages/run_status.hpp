#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// The states of a run, by their numbers and by their names.
namespace queenright::messages {

enum class RunStatus : std::uint8_t {
  queued,
  running,
  awaiting_operator,
  rolling_back,
  succeeded,
  failed,
  cancelled
};
constexpr RunStatus last_enumerator(RunStatus) { return RunStatus::cancelled; }

/// "awaiting_operator": as docs/plan.md names them.
std::string name_of(RunStatus status);

/// None: the word is not a run's state.
std::optional<RunStatus> run_status_of(std::string_view name);

/// It will not change any more.
bool is_over(RunStatus status);

/// Nor will it by itself: it is over, or waits for a person.
bool is_at_rest(RunStatus status);

// Of a state by its name; another word is none of them.
bool is_over(std::string_view name);
bool is_at_rest(std::string_view name);

}  // namespace queenright::messages
