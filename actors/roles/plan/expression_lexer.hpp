#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "actors/roles/plan/expression.hpp"

namespace queenright::roles {

struct Token {
  enum class Kind : std::uint8_t { end, name, number, string, symbol };
  Kind kind{};
  std::string text;      ///< a string's is decoded, a number's is its digits
  std::size_t offset{};  ///< of its first byte
};

/// Cuts a text into tokens, one at a time, from `at`.
class Lexer {
 public:
  Lexer(std::string_view text, std::size_t at) : text_(text), at_(at) {}

  /// Nothing when there is an error.
  std::optional<Token> next(TextError& error);

  std::size_t position() const { return at_; }  ///< behind the last token

 private:
  std::optional<Token> name_or_raw_string(TextError& error);
  std::optional<Token> number(TextError& error);
  std::optional<Token> quoted(bool raw, std::size_t start, TextError& error);
  std::optional<Token> symbol(TextError& error);
  bool escape(std::string& out, TextError& error);

  std::string_view text_;
  std::size_t at_;
};

}  // namespace queenright::roles
