#pragma once

#include <cstdint>
#include <string>

#include "messages/value.hpp"

/// A report, or a part of it, is read by the names of its fields.
namespace queenright::program {

/// Empty where there is none.
inline std::string text_at(const messages::Value::Map& part, const char* key) {
  const auto found = part.find(key);
  const auto* text = found == part.end() ? nullptr : found->second.text();
  return text == nullptr ? "" : *text;
}

/// 0 where there is none.
inline std::int64_t number_at(const messages::Value::Map& part, const char* key) {
  const auto found = part.find(key);
  const auto* number = found == part.end() ? nullptr : found->second.integer();
  return number == nullptr ? 0 : *number;
}

inline const messages::Value::List& list_at(const messages::Value::Map& part, const char* key) {
  static const messages::Value::List none;
  const auto found = part.find(key);
  const auto* list = found == part.end() ? nullptr : found->second.list();
  return list == nullptr ? none : *list;
}

inline const messages::Value::Map& map_at(const messages::Value::Map& part, const char* key) {
  static const messages::Value::Map none;
  const auto found = part.find(key);
  const auto* map = found == part.end() ? nullptr : found->second.map();
  return map == nullptr ? none : *map;
}

}  // namespace queenright::program
