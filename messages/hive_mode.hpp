#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace queenright::messages {

/// What a hive does, as its operator wants it: each mode is a set of refusals. That a queen reaches
/// no majority (degraded) is her own finding, and nobody's command.
enum class HiveMode : std::uint8_t {
  normal,
  draining,  ///< no new runs; those that are open go on to their end
  safe       ///< nor does anything new start in these: what runs is finished
};
constexpr HiveMode last_enumerator(HiveMode) { return HiveMode::safe; }

constexpr std::string_view name_of(HiveMode mode) {
  switch (mode) {
    case HiveMode::normal: return "normal";
    case HiveMode::draining: return "draining";
    case HiveMode::safe: return "safe";
  }
  return "";
}

constexpr bool opens_runs(HiveMode mode) { return mode == HiveMode::normal; }
constexpr bool starts_attempts(HiveMode mode) { return mode != HiveMode::safe; }

}  // namespace queenright::messages
