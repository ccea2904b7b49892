#pragma once

#include <cstdint>
#include <string>

#include "messages/value.hpp"

/// What goes to stdout: for people, or in a form that programs read.
namespace queenright::program {

enum class Format : std::uint8_t {
  human,
  json,
  yaml,
  jsonl,  ///< a list: each element on a line; anything else on one
  name    ///< only what the things are called, each on a line
};

bool is_format(const std::string& name);

/// `-o`, or what is preferred, or what fits: human on a terminal, json elsewhere.
Format format_of(const std::string& option);

/// In any form but the human one, with a newline at its end.
std::string formatted(const messages::Value& value, Format format);

/// Prints it; JSON piece by piece, so that a long one takes no room.
void print_formatted(const messages::Value& value, Format format);

/// The same of what is JSON already.
std::string formatted_json(const std::string& json, Format format);

}  // namespace queenright::program
