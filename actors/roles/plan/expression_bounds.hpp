#pragma once

#include <optional>

#include "messages/result.hpp"
#include "messages/value.hpp"

namespace queenright::roles {

/// How large a value is, in the terms of ValueLimits.
struct Extent {
  std::size_t depth = 0;  ///< of lists and maps within each other
  std::size_t elements = 0;
  std::size_t bytes = 0;  ///< of text

  /// As parts of one list or map: side by side.
  Extent& operator+=(const Extent& other);
};
Extent extent_of(const messages::Value& value);

/// What one evaluation may make, in all and in each value, so that no expression, however it
/// repeats itself, takes more than a small multiple of what a value may be.
class Budget {
 public:
  /// For `part`, which makes `whole` longer. Gives the reason when either is too much.
  std::optional<messages::Refusal> grow(Extent& whole, const Extent& part);

  /// For a value made at once.
  std::optional<messages::Refusal> spend(const Extent& extent);

 private:
  static constexpr std::size_t values = 4;

  messages::ValueLimits limits_;
  std::size_t elements_ = values * limits_.elements;
  std::size_t bytes_ = values * limits_.bytes;
};

}  // namespace queenright::roles
