#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace queenright::messages {

/// What plans compute with: JSON without fractions (those are strings). Bounded where it is
/// decoded; ordered, so that it prints and compares the same everywhere.
class Value {
 public:
  using List = std::vector<Value>;
  using Map = std::map<std::string, Value>;
  struct Null {
    bool operator==(const Null&) const = default;
  };
  /// The order of these kinds is their order on the wire.
  using Kind = std::variant<Null, bool, std::int64_t, std::string, List, Map>;

  Value() = default;
  Value(bool value) : kind_(value) {}
  Value(int value) : kind_(std::int64_t{value}) {}
  Value(std::int64_t value) : kind_(value) {}
  Value(std::string value) : kind_(std::move(value)) {}
  Value(const char* value) : kind_(std::string(value)) {}
  Value(List value) : kind_(std::move(value)) {}
  Value(Map value) : kind_(std::move(value)) {}

  bool is_null() const { return kind_.index() == 0; }
  const bool* boolean() const { return std::get_if<bool>(&kind_); }
  const std::int64_t* integer() const { return std::get_if<std::int64_t>(&kind_); }
  const std::string* text() const { return std::get_if<std::string>(&kind_); }
  const List* list() const { return std::get_if<List>(&kind_); }
  const Map* map() const { return std::get_if<Map>(&kind_); }

  /// "null", "bool", "int", "string", "list", "map".
  std::string_view kind_name() const;

  const Kind& kind() const { return kind_; }
  Kind& kind() { return kind_; }
  bool operator==(const Value&) const = default;

 private:
  Kind kind_;
};

/// Bounds which every decoder of foreign values keeps.
struct ValueLimits {
  std::size_t depth = 32;
  std::size_t elements = 200'000;
  std::size_t bytes = 16U << 20U;
};

/// Compact JSON. Bytes that are not UTF-8 become U+FFFD, so the text is always valid JSON.
std::string to_json(const Value& value);

/// A JSON string with its quotes, under the same rule.
void append_json_string(std::string& out, std::string_view text);

}  // namespace queenright::messages
