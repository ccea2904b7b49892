#pragma once

#include <cstdint>

/// How a run ended, as its program tells its caller (docs/guide.md).
namespace queenright::roles {

inline constexpr std::int32_t exit_failed = 1;
inline constexpr std::int32_t exit_not_found = 3;    ///< no worker could ever match, too
inline constexpr std::int32_t exit_unavailable = 6;  ///< by a mode
inline constexpr std::int32_t exit_timed_out = 7;
inline constexpr std::int32_t exit_awaiting_operator = 8;

}  // namespace queenright::roles
