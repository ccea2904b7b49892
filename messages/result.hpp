#pragma once

#include <string>
#include <utility>
#include <variant>

#include "messages/ensure.hpp"

namespace queenright::messages {

/// Why something was refused: a sentence a person can act on.
struct Refusal {
  std::string reason;
};

/// A value, or the reason why there is none.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::move(value)) {}
  Result(Refusal refusal) : state_(std::move(refusal)) {}

  explicit operator bool() const { return state_.index() == 0; }
  const T& value() const& {
    ensure(state_.index() == 0, "a refused result has no value");
    return std::get<0>(state_);
  }
  T&& value() && {
    ensure(state_.index() == 0, "a refused result has no value");
    return std::get<0>(std::move(state_));
  }
  const std::string& reason() const {
    ensure(state_.index() == 1, "an accepted result has no reason");
    return std::get<1>(state_).reason;
  }

 private:
  std::variant<T, Refusal> state_;
};

}  // namespace queenright::messages
