#pragma once

#include <chrono>
#include <concepts>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <type_traits>
#include <variant>
#include <vector>

#include "messages/flat_map.hpp"
#include "messages/ids.hpp"
#include "messages/value.hpp"

/// Every message and every role's state names its fields once, with their Protobuf numbers:
///
///     template <class Self, class Visit>
///     static void fields(Self& self, Visit&& visit) {
///       visit(1, "circuit", self.circuit);
///     }
///
/// From this one description follow the wire form (reader.hpp, writer.hpp), the digest (digest.hpp)
/// and the text for people (text.hpp). Numbers are never reused. docs/decisions/0002 says why.
namespace queenright::messages {

struct IgnoreField {
  template <class Field>
  void operator()(int, const char*, Field&) const {}
};

template <class T>
concept Described = requires(T& value) {
  T::fields(value, IgnoreField{});
};

template <class T>
inline constexpr bool is_id = false;
template <class Tag, class Number>
inline constexpr bool is_id<Id<Tag, Number>> = true;

template <class T>
inline constexpr bool is_vector = false;
template <class T>
inline constexpr bool is_vector<std::vector<T>> = true;

template <class T>
inline constexpr bool is_map = false;
template <class K, class V>
inline constexpr bool is_map<std::map<K, V>> = true;
template <class K, class V>
inline constexpr bool is_map<FlatMap<K, V>> = true;
template <class T>
concept Map = is_map<T>;

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;

template <class T>
inline constexpr bool is_variant = false;
template <class... T>
inline constexpr bool is_variant<std::variant<T...>> = true;

/// What is written as one variable-length number.
template <class T>
concept Scalar = std::integral<T> || std::is_enum_v<T> || is_id<T> || std::same_as<T, Duration> ||
    std::same_as<T, Instant> || std::same_as<T, WallTime>;

/// The number that stands for a scalar; signed ones stay signed.
template <Scalar T>
constexpr auto number_of(const T& value) {
  if constexpr (std::is_enum_v<T>)
    return static_cast<std::uint64_t>(value);
  else if constexpr (is_id<T>)
    return static_cast<std::uint64_t>(value.value);
  else if constexpr (std::same_as<T, Duration>)
    return std::int64_t{value.count()};
  else if constexpr (std::same_as<T, Instant>)
    return std::int64_t{value.since_boot.count()};
  else if constexpr (std::same_as<T, WallTime>)
    return value.milliseconds;
  else if constexpr (std::is_signed_v<T>)
    return static_cast<std::int64_t>(value);
  else
    return static_cast<std::uint64_t>(value);
}

/// The inverse of number_of; false, and the value as it was, when the number is out of range.
template <Scalar T>
constexpr bool assign_number(T& value, decltype(number_of(T{})) number) {
  if constexpr (std::is_enum_v<T>) {
    if (number > static_cast<std::uint64_t>(last_enumerator(T{}))) return false;
    value = static_cast<T>(number);
    return true;
  } else if constexpr (is_id<T>) {
    return assign_number(value.value, number);
  } else if constexpr (std::same_as<T, Duration>) {
    value = Duration{number};
    return true;
  } else if constexpr (std::same_as<T, Instant>) {
    value = Instant{Duration{number}};
    return true;
  } else if constexpr (std::same_as<T, WallTime>) {
    value = WallTime{number};
    return true;
  } else {
    if (number < std::numeric_limits<T>::min() || number > std::numeric_limits<T>::max())
      return false;
    value = static_cast<T>(number);
    return true;
  }
}

}  // namespace queenright::messages
