#include "deploy/program/line_of_text.hpp"

#include <string>
#include <string_view>

#include "messages/utf8.hpp"

namespace queenright::program {

namespace {

constexpr std::size_t longest = 200;

std::string wrong_with(const std::string& text) {
  if (text.empty()) return "is empty";
  if (text.size() > longest)
    return "has " + std::to_string(text.size()) + " bytes; " + std::to_string(longest) +
           " are the most";
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = messages::utf8_length(std::string_view(text).substr(at));
    if (length == 0) return "is no UTF-8";
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte < ' ' || byte == 0x7F) return "has control characters";
    at += length;
  }
  return {};
}

}  // namespace

CLI::Validator line_of_text() { return {wrong_with, ""}; }

}  // namespace queenright::program
