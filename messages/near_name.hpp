#pragma once

#include <span>
#include <string>
#include <string_view>

namespace queenright::messages {

/// The candidate that `name` was probably meant to be: at most two letters away, and not most
/// of the name. Empty when there is none.
std::string_view near_name(std::string_view name, std::span<const std::string_view> candidates);

/// "; did you mean 'needs'?", or nothing.
std::string did_you_mean(std::string_view name, std::span<const std::string_view> candidates);

/// As messages to people show a word of theirs.
std::string in_quotes(std::string_view word);

}  // namespace queenright::messages
