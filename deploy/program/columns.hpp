#pragma once

#include <cstddef>
#include <string>

/// What people read is at most so wide.
namespace queenright::program {

inline constexpr std::size_t widest = 100;

/// What others wrote must not steer the terminal of who reads it.
std::string printable(std::string text);

/// Its first line, cut with "..." where it is longer than `width`.
std::string shortened(const std::string& text, std::size_t width);

/// All of it in lines of its own, each begun with `indent` and at most `widest` wide.
std::string folded(const std::string& text, const std::string& indent);

}  // namespace queenright::program
