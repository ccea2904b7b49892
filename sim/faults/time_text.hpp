#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "messages/ids.hpp"

/// Spans of time as people write them in fault lists and scenarios: "1.5s", "300ms", "40us".
namespace queenright::sim {

/// In the largest unit (s, ms, us, ns) that needs no fraction.
std::string time_text(messages::Duration span);

/// Units are ns, us, ms, s, m and h; a fraction may follow the point. Nothing: not a span, or
/// longer than 10,000 hours.
std::optional<messages::Duration> time_of(std::string_view text);

/// A whole number, with a sign or without. Nothing: it is something else, or too large.
std::optional<std::int64_t> number_of(std::string_view text);

}  // namespace queenright::sim
