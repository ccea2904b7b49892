#pragma once

#include <array>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "messages/fields.hpp"

namespace queenright::messages {

/// Fills described values from a seed: every field, every alternative, the extremes of numbers.
class Filler {
 public:
  explicit Filler(std::uint64_t seed) : state_(seed) {}

  /// splitmix64
  std::uint64_t draw() {
    state_ += 0x9E3779B97F4A7C15U;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31U);
  }
  std::size_t below(std::size_t bound) { return static_cast<std::size_t>(draw() % bound); }

  template <Scalar T>
  void fill(T& value) {
    if constexpr (std::is_enum_v<T>)
      value = static_cast<T>(below(static_cast<std::size_t>(last_enumerator(T{})) + 1));
    else if constexpr (is_id<T>)
      fill(value.value);
    else if constexpr (std::same_as<T, Duration>)
      value = Duration{number<std::int64_t>()};
    else if constexpr (std::same_as<T, Instant>)
      value = Instant{Duration{number<std::int64_t>()}};
    else if constexpr (std::same_as<T, WallTime>)
      value = WallTime{number<std::int64_t>()};
    else if constexpr (std::same_as<T, bool>)
      value = below(2) == 1;
    else
      value = number<T>();
  }
  void fill(std::string& text) {
    static constexpr std::array<const char*, 5> pieces{"a", "queen ", "\xC3\xA9", "\"\n", "0"};
    text.clear();
    for (std::size_t left = below(12); left > 0; --left) text += pieces[below(pieces.size())];
  }
  void fill(Value& value) { fill(value, 3); }
  template <Described T>
  void fill(T& value) {
    T::fields(value, [this](int, const char*, auto& field) { fill(field); });
  }
  template <class T>
  void fill(std::vector<T>& list) {
    list.resize(below(4));
    for (auto& element : list) fill(element);
  }
  template <class K, class V>
  void fill(std::map<K, V>& map) {
    map.clear();
    for (std::size_t left = below(4); left > 0; --left) {
      K key{};
      fill(key);
      fill(map[key]);
    }
  }
  template <class T>
  void fill(std::optional<T>& value) {
    value.reset();
    if (below(2) == 1) fill(value.emplace());
  }
  template <class... T>
  void fill(std::variant<T...>& value) {
    alternative(value, below(sizeof...(T)));
  }
  template <class... T>
  void alternative(std::variant<T...>& value, std::size_t index) {
    pick(value, index, std::index_sequence_for<T...>{});
  }

 private:
  template <class T>
  T number() {
    switch (below(6)) {
      case 0: return 0;
      case 1: return std::numeric_limits<T>::max();
      case 2: return std::numeric_limits<T>::min();
      case 3: return static_cast<T>(draw());
      default: return static_cast<T>(below(100));
    }
  }
  void fill(Value& value, std::size_t depth) {
    switch (below(depth == 0 ? 4 : 6)) {
      case 0: value = Value(); return;
      case 1: value = Value(below(2) == 1); return;
      case 2: value = Value(number<std::int64_t>()); return;
      case 3: fill(value.kind().emplace<std::string>()); return;
      case 4: {
        auto& list = value.kind().emplace<Value::List>(below(4));
        for (auto& element : list) fill(element, depth - 1);
        return;
      }
      default: {
        auto& map = value.kind().emplace<Value::Map>();
        for (std::size_t left = below(4); left > 0; --left) {
          std::string key;
          fill(key);
          fill(map[key], depth - 1);
        }
      }
    }
  }
  template <class Variant, std::size_t... Index>
  void pick(Variant& value, std::size_t index, std::index_sequence<Index...>) {
    ((Index == index ? fill(value.template emplace<Index>()) : void()), ...);
  }

  std::uint64_t state_;
};

template <Described T>
T filled(std::uint64_t seed) {
  T value{};
  Filler(seed).fill(value);
  return value;
}

}  // namespace queenright::messages
