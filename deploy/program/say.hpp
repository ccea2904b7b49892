#pragma once

#include <fmt/format.h>

#include <cstdio>
#include <utility>

namespace queenright::program {

/// Tells a person, on stderr. Where that can't be written nobody listens, and the work goes on.
template <class... Arguments>
void say(fmt::format_string<Arguments...> text, Arguments&&... arguments) {
  std::fputs(fmt::format(text, std::forward<Arguments>(arguments)...).c_str(), stderr);
}

}  // namespace queenright::program
