#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace queenright::program {

class Problems;
class SourceText;

/// A YAML document with places. JSON is the same document.
struct YamlNode {
  enum class Kind : std::uint8_t { null, plain, quoted, list, map };
  Kind kind{};
  std::size_t offset{};         ///< in the source
  std::string text;             ///< of a scalar: plain or quoted
  std::vector<YamlNode> parts;  ///< a list's elements; a map's keys and values in turn

  bool is_scalar() const { return kind == Kind::plain || kind == Kind::quoted; }

  /// Of a map: calls `each` with every key and value.
  template <class Each>
  void entries(Each each) const {
    for (std::size_t i = 0; i + 1 < parts.size(); i += 2) each(parts[i], parts[i + 1]);
  }
};

/// "a map", "a list", "a text", "empty".
std::string_view kind_name(const YamlNode& node);

/// Reads one document, within bounds of depth and number; anchors, aliases, tags and keys that
/// are not text are refused. Nothing when the rest can't be made sense of.
std::optional<YamlNode> read_yaml(const SourceText& source, Problems& problems);

}  // namespace queenright::program
