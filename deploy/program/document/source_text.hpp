#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace queenright::program {

/// Both from 1; the column counts characters.
struct Place {
  std::size_t line{};
  std::size_t column{};
  auto operator<=>(const Place&) const = default;
};

/// The text of a file as a person sees it: lines and columns. Does not own the bytes.
class SourceText {
 public:
  explicit SourceText(std::string_view bytes);

  std::string_view bytes() const { return bytes_; }
  Place place_of(std::size_t offset) const;

  /// Where byte `offset` of the text that a YAML scalar stands for was written. The scalar
  /// begins at `start`; where quotes, escapes and folded lines can't be followed, that is it.
  Place place_within(std::size_t start, std::string_view scalar, std::size_t offset) const;

  /// Whether the line up to `offset` is indented with tabs.
  bool tab_indents(std::size_t offset) const;

  /// What no person and no parser should have to read, and where: NUL and other control
  /// characters, and bytes that are not UTF-8.
  struct Unreadable {
    std::size_t offset;
    std::string what;
  };
  std::optional<Unreadable> unreadable() const;

 private:
  std::size_t line_start(std::size_t offset) const;

  std::string_view bytes_;
  std::vector<std::size_t> line_starts_;
};

}  // namespace queenright::program
