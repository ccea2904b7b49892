#pragma once

#include <span>
#include <string>
#include <string_view>

#include "actors/roles/plan/expression_bounds.hpp"
#include "messages/result.hpp"
#include "messages/value.hpp"

namespace queenright::roles {

using Arguments = std::span<const messages::Value* const>;

/// A function of values alone. (`has`, `failed` and `always` are part of the language.)
struct Function {
  std::string_view name;
  std::size_t least;  ///< arguments
  std::size_t most;
  std::string_view takes;  ///< in words
  bool method;             ///< may be written behind its first argument: x.startsWith(y)
  messages::Result<messages::Value> (*apply)(Arguments, Budget&);
};

/// Nothing when there is none of that name.
const Function* find_function(std::string_view name);

/// All that can be called, for an error's text.
std::string function_names();

/// `int and string`: the kinds of values, for an error's text.
std::string kinds_of(Arguments arguments);

}  // namespace queenright::roles
