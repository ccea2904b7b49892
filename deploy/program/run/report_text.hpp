#pragma once

#include <string>

#include "messages/value.hpp"

namespace queenright::program {

/// A text of a report, or of a part of it; empty where there is none.
inline std::string text_at(const messages::Value::Map& part, const char* key) {
  const auto found = part.find(key);
  const auto* text = found == part.end() ? nullptr : found->second.text();
  return text == nullptr ? "" : *text;
}

}  // namespace queenright::program
