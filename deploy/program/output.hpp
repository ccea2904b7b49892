#pragma once

#include <string>

#include "messages/value.hpp"

/// What goes to stdout: for people, or as JSON for programs.
namespace queenright::program {

enum class Format { human, json };

/// `-o`, or what fits: human on a terminal, json elsewhere.
Format format_of(const std::string& option);

std::string report_text(const messages::Value& report, Format format);
std::string runs_text(const messages::Value& runs, Format format);

/// On one line.
std::string json_line(const messages::Value& value);

/// Indented JSON with a newline at its end.
std::string pretty_json(const messages::Value& value);

}  // namespace queenright::program
