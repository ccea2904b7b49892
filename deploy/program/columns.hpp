#pragma once

#include <cstddef>
#include <string>

/// What people read is at most so wide. What is meant to be copied (a command line, the name of a
/// run or a step, the path of a file) is neither cut nor wrapped, and may be wider.
namespace queenright::program {

inline constexpr std::size_t widest = 100;

/// What others wrote must not steer the terminal of who reads it.
std::string printable(std::string text);

/// Its first line, cut with "..." where it is longer than `width`.
std::string shortened(const std::string& text, std::size_t width);

/// All of it in lines of its own, each begun with `indent` and at most `widest` wide. Only a word
/// that is longer than a line is broken, and none of at most `whole` bytes, such as a run's name.
std::string folded(const std::string& text, const std::string& indent, std::size_t whole = 0);

/// The width of a column with this cell in it; one of more than `most` has its own line.
std::size_t width_with(std::size_t width, const std::string& text, std::size_t most);

/// A cell of a row that begins at this column. One that is longer than `width` has a line of its
/// own, and the row goes on below it, so that columns stand below each other.
std::string cell(const std::string& text, std::size_t column, std::size_t width);

/// The last cell of a row, in as many lines as it takes.
std::string last_cell(const std::string& text, std::size_t column);

}  // namespace queenright::program
