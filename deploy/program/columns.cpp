#include "deploy/program/columns.hpp"

#include <algorithm>

namespace queenright::program {
namespace {

unsigned char byte_at(const std::string& text, std::size_t at) {
  return static_cast<unsigned char>(text[at]);
}

/// No character is cut in two.
std::size_t boundary_before(const std::string& text, std::size_t at) {
  while (at > 0 && at < text.size() && (byte_at(text, at) & 0xC0U) == 0x80U) --at;
  return at;
}

/// U+0080 to U+009F: a terminal that reads UTF-8 may take them for commands, too.
bool is_control_of_two_bytes(const std::string& text, std::size_t at) {
  return byte_at(text, at) == 0xC2 && at + 1 < text.size() && byte_at(text, at + 1) >= 0x80 &&
         byte_at(text, at + 1) < 0xA0;
}

/// Where a line of `text` that begins at `from` ends.
std::size_t line_end(const std::string& text, std::size_t from, std::size_t width,
                     std::size_t whole) {
  if (text.size() - from <= width) return text.size();
  const auto space = text.rfind(' ', from + width);
  if (space != std::string::npos && space > from) return space;
  const auto word_end = std::min(text.find(' ', from), text.size());
  if (word_end - from <= whole) return word_end;
  return std::max(boundary_before(text, from + width), from + 1);
}

}  // namespace

std::string printable(std::string text) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    char& c = text[at];
    if (byte_at(text, at) < 0x20 || c == 0x7F) c = c == '\t' ? ' ' : '?';
    if (is_control_of_two_bytes(text, at)) text.replace(at, 2, "?");
  }
  return text;
}

std::string shortened(const std::string& text, std::size_t width) {
  std::string line = printable(text.substr(0, text.find('\n')));
  if (line.size() <= width && text.find('\n') == std::string::npos) return line;
  const std::string dots = "...";
  const std::size_t room = std::max(width, dots.size()) - dots.size();
  line.resize(boundary_before(line, std::min(line.size(), room)));
  return line + dots;
}

std::string folded(const std::string& text, const std::string& indent, std::size_t whole) {
  std::string all = printable(text);
  all.erase(all.find_last_not_of(' ') + 1);
  std::string lines;
  for (std::size_t at = 0; at < all.size();) {
    const auto end = line_end(all, at, widest - indent.size(), whole);
    lines += indent + all.substr(at, end - at) + "\n";
    at = std::min(all.find_first_not_of(' ', end), all.size());
  }
  return lines;
}

std::size_t width_with(std::size_t width, const std::string& text, std::size_t most) {
  return text.size() > most ? width : std::max(width, text.size());
}

std::string cell(const std::string& text, std::size_t column, std::size_t width) {
  if (text.size() > width) return text + "\n" + std::string(column + width, ' ');
  return text + std::string(width - text.size(), ' ');
}

std::string last_cell(const std::string& text, std::size_t column) {
  const auto lines = folded(text, std::string(column, ' '));
  return lines.empty() ? "\n" : lines.substr(column);
}

}  // namespace queenright::program
