#pragma once

#include <algorithm>
#include <array>
#include <string_view>

namespace queenright::roles {

/// What can be written behind a dot.
inline bool is_variable(std::string_view name) {
  const auto letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  };
  const auto fits = [&](char c) { return letter(c) || (c >= '0' && c <= '9'); };
  return !name.empty() && letter(name.front()) && std::all_of(name.begin(), name.end(), fits);
}

/// Of a worker's environment a child gets these in any case.
inline constexpr std::array<std::string_view, 3> inherited_variables{"PATH", "HOME", "LANG"};

inline bool can_be_secret(std::string_view name) {
  return is_variable(name) && std::find(inherited_variables.begin(), inherited_variables.end(),
                                        name) == inherited_variables.end();
}

}  // namespace queenright::roles
