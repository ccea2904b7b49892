#include "deploy/program/columns.hpp"

#include <algorithm>

namespace queenright::program {
namespace {

/// No character is cut in two.
std::size_t boundary_before(const std::string& text, std::size_t at) {
  while (at > 0 && at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U)
    --at;
  return at;
}

}  // namespace

std::string printable(std::string text) {
  for (char& c : text)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = c == '\t' ? ' ' : '?';
  return text;
}

std::string shortened(const std::string& text, std::size_t width) {
  std::string line = printable(text.substr(0, text.find('\n')));
  if (line.size() == text.size() && line.size() <= width) return line;
  const std::string dots = "...";
  line.resize(boundary_before(line, std::min(line.size(), width - dots.size())));
  return line + dots;
}

std::string folded(const std::string& text, const std::string& indent) {
  const std::string all = printable(text);
  std::string lines;
  for (std::size_t at = 0; at < all.size();) {
    std::size_t end = std::min(all.size(), at + widest - indent.size());
    const auto space = all.rfind(' ', end);
    if (end < all.size() && space != std::string::npos && space > at) end = space + 1;
    end = boundary_before(all, end);
    lines += indent + all.substr(at, end - at) + "\n";
    at = end;
  }
  return lines;
}

}  // namespace queenright::program
