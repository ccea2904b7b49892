#include "deploy/program/document/source_text.hpp"

#include <algorithm>

#include "messages/utf8.hpp"

namespace queenright::program {
namespace {

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool continues_character(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

/// Walks a scalar's source and its value side by side.
class Alignment {
 public:
  Alignment(std::string_view source, std::size_t start, std::string_view value)
      : source_(source), at_(start), value_(value) {
    const char first = at_ < source_.size() ? source_[at_] : ' ';
    double_quoted_ = first == '"';
    single_quoted_ = first == '\'';
    if (double_quoted_ || single_quoted_) ++at_;
    if (first == '|' || first == '>') at_ = std::min(source_.find('\n', at_), source_.size());
  }

  /// The place in the source of byte `offset` of the value.
  std::optional<std::size_t> find(std::size_t offset) {
    skip_folded_lines();
    while (reached_ < offset) {
      if (at_ >= source_.size() || reached_ >= value_.size() || !advance()) return std::nullopt;
      skip_folded_lines();
    }
    if (reached_ != offset) return std::nullopt;
    return at_;
  }

 private:
  bool advance() {
    if (double_quoted_ && source_[at_] == '\\') {
      at_ += escape_length();
      reached_ += std::max<std::size_t>(1, messages::utf8_length(value_.substr(reached_)));
      return true;
    }
    if (source_[at_] != value_[reached_]) return false;
    at_ += single_quoted_ && source_[at_] == '\'' ? 2 : 1;
    ++reached_;
    return true;
  }

  std::size_t escape_length() const {
    switch (at_ + 1 < source_.size() ? source_[at_ + 1] : '\0') {
      case 'x': return 4;
      case 'u': return 6;
      case 'U': return 10;
      default: return 2;
    }
  }

  /// White space around a line's end is written in one way and read in another.
  void skip_folded_lines() {
    std::size_t end = at_;
    bool line_ends = false;
    while (end < source_.size()) {
      const bool joins = double_quoted_ && source_.substr(end, 2) == "\\\n";
      if (!joins && !is_space(source_[end])) break;
      line_ends = line_ends || joins || source_[end] == '\n';
      end += joins ? 2 : 1;
    }
    if (!line_ends) return;
    at_ = end;
    while (reached_ < value_.size() && is_space(value_[reached_])) ++reached_;
  }

  std::string_view source_;
  std::size_t at_;
  std::string_view value_;
  std::size_t reached_ = 0;
  bool double_quoted_ = false;
  bool single_quoted_ = false;
};

}  // namespace

SourceText::SourceText(std::string_view bytes) : bytes_(bytes), line_starts_{0} {
  for (std::size_t i = 0; i < bytes.size(); ++i)
    if (bytes[i] == '\n') line_starts_.push_back(i + 1);
}

std::size_t SourceText::line_start(std::size_t offset) const {
  return *std::prev(std::upper_bound(line_starts_.begin(), line_starts_.end(), offset));
}

Place SourceText::place_of(std::size_t offset) const {
  offset = std::min(offset, bytes_.size());
  const auto next = std::upper_bound(line_starts_.begin(), line_starts_.end(), offset);
  const std::string_view before = bytes_.substr(*std::prev(next), offset - *std::prev(next));
  const auto continuing = std::count_if(before.begin(), before.end(), continues_character);
  return {static_cast<std::size_t>(next - line_starts_.begin()),
          before.size() - static_cast<std::size_t>(continuing) + 1};
}

Place SourceText::place_within(std::size_t start, std::string_view scalar,
                               std::size_t offset) const {
  return place_of(Alignment(bytes_, start, scalar).find(offset).value_or(start));
}

bool SourceText::tab_indents(std::size_t offset) const {
  const std::string_view line = bytes_.substr(line_start(std::min(offset, bytes_.size())));
  return line.substr(0, line.find_first_not_of(" \t")).find('\t') != std::string_view::npos;
}

std::optional<SourceText::Unreadable> SourceText::unreadable() const {
  for (std::size_t i = 0; i < bytes_.size();) {
    const std::size_t length = messages::utf8_length(bytes_.substr(i));
    if (length == 0) return Unreadable{i, "this byte is not UTF-8"};
    const char c = bytes_[i];
    if (c == '\0') return Unreadable{i, "a NUL byte"};
    if ((static_cast<unsigned char>(c) < 0x20 && !is_space(c)) || c == 0x7F)
      return Unreadable{i, "a control character"};
    i += length;
  }
  return std::nullopt;
}

}  // namespace queenright::program
