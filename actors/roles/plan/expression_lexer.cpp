#include "actors/roles/plan/expression_lexer.hpp"

#include <array>
#include <charconv>

namespace queenright::roles {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool begins_name(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool continues_name(char c) { return begins_name(c) || is_digit(c); }
bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

/// A code point of the basic plane as UTF-8. A lone surrogate has none, and no argument or
/// environment could hold a NUL.
bool append_utf8(std::string& out, std::uint32_t point) {
  if (point == 0 || (point >= 0xD800 && point <= 0xDFFF)) return false;
  if (point < 0x80) {
    out += static_cast<char>(point);
    return true;
  }
  if (point < 0x800) {
    out += static_cast<char>(0xC0U | (point >> 6U));
  } else {
    out += static_cast<char>(0xE0U | (point >> 12U));
    out += static_cast<char>(0x80U | ((point >> 6U) & 0x3FU));
  }
  out += static_cast<char>(0x80U | (point & 0x3FU));
  return true;
}

}  // namespace

std::optional<Token> Lexer::next(TextError& error) {
  while (at_ < text_.size() && is_space(text_[at_])) ++at_;
  if (at_ == text_.size()) return Token{Token::Kind::end, "", at_};
  const char c = text_[at_];
  if (begins_name(c)) return name_or_raw_string(error);
  if (is_digit(c)) return number(error);
  if (c == '"' || c == '\'') return quoted(false, at_, error);
  return symbol(error);
}

std::optional<Token> Lexer::name_or_raw_string(TextError& error) {
  const std::size_t start = at_;
  while (at_ < text_.size() && continues_name(text_[at_])) ++at_;
  const std::string_view name = text_.substr(start, at_ - start);
  const bool quote_follows = at_ < text_.size() && (text_[at_] == '"' || text_[at_] == '\'');
  if (name == "r" && quote_follows) return quoted(true, start, error);
  return Token{Token::Kind::name, std::string(name), start};
}

std::optional<Token> Lexer::number(TextError& error) {
  const std::size_t start = at_;
  while (at_ < text_.size() && is_digit(text_[at_])) ++at_;
  const bool fraction = at_ + 1 < text_.size() && text_[at_] == '.' && is_digit(text_[at_ + 1]);
  if (fraction || (at_ < text_.size() && continues_name(text_[at_]))) {
    error = {start, "a number is a row of decimal digits; write anything else as a string"};
    return std::nullopt;
  }
  return Token{Token::Kind::number, std::string(text_.substr(start, at_ - start)), start};
}

std::optional<Token> Lexer::quoted(bool raw, std::size_t start, TextError& error) {
  const char quote = text_[at_++];
  Token token{Token::Kind::string, "", start};
  while (at_ < text_.size() && text_[at_] != quote) {
    if (text_[at_] != '\\' || raw)
      token.text += text_[at_++];
    else if (!escape(token.text, error))
      return std::nullopt;
  }
  if (at_ == text_.size()) {
    error = {start, "this string is never closed"};
    return std::nullopt;
  }
  ++at_;
  return token;
}

bool Lexer::escape(std::string& out, TextError& error) {
  const std::size_t start = at_++;
  const char c = at_ < text_.size() ? text_[at_++] : '\0';
  switch (c) {
    case 'n': out += '\n'; return true;
    case 'r': out += '\r'; return true;
    case 't': out += '\t'; return true;
    case '\\':
    case '/':
    case '"':
    case '\'': out += c; return true;
    default: break;
  }
  if (c == 'u' && text_.size() - at_ >= 4) {
    std::uint32_t point = 0;
    const char* digits = text_.data() + at_;
    const auto [stop, problem] = std::from_chars(digits, digits + 4, point, 16);
    if (problem == std::errc{} && stop == digits + 4 && append_utf8(out, point)) {
      at_ += 4;
      return true;
    }
  }
  error = {start, "not an escape: there are \\n \\r \\t \\\\ \\/ \\\" \\' and \\uXXXX"};
  return false;
}

std::optional<Token> Lexer::symbol(TextError& error) {
  static constexpr std::array<std::string_view, 6> pairs{"==", "!=", "<=", ">=", "&&", "||"};
  static constexpr std::string_view singles = "<>!+-*/%?:.,()[]{}";
  const std::size_t start = at_;
  const std::string_view two = text_.substr(start, 2);
  for (const std::string_view pair : pairs)
    if (two == pair) {
      at_ += 2;
      return Token{Token::Kind::symbol, std::string(pair), start};
    }
  if (singles.find(text_[start]) != std::string_view::npos) {
    ++at_;
    return Token{Token::Kind::symbol, std::string(1, text_[start]), start};
  }
  error = {start, text_[start] == '=' ? "'=' is not an operator; equality is '=='"
                                      : "this character is not part of an expression"};
  return std::nullopt;
}

}  // namespace queenright::roles
