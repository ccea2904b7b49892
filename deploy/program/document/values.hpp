#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "deploy/program/document/problems.hpp"
#include "messages/ids.hpp"
#include "messages/value.hpp"

namespace queenright::program {

/// The keys of a map, those that this version knows.
class Keys {
 public:
  /// Reports what is no map, keys that are not `known`, and those of a later version.
  Keys(const YamlNode& map, std::string_view whose, std::span<const std::string_view> known,
       std::span<const std::string_view> later, Problems& problems);

  const YamlNode* find(std::string_view key) const;  ///< the value; nullptr when absent

  /// Likewise, and reports when it is absent; `meaning` says what the key is for.
  const YamlNode* require(std::string_view key, std::string_view meaning) const;

 private:
  Problems* problems_;
  const YamlNode* map_ = nullptr;
};

/// Readings of one node: each reports what is wrong and gives nothing then. `what` names the
/// node in errors.
class ValueReader {
 public:
  explicit ValueReader(Problems& problems) : problems_(problems) {}

  /// Any scalar, as it was written; cannot be empty of meaning (null).
  std::optional<std::string> text(const YamlNode& node, std::string_view what) const;

  /// A name of lower-case letters, digits and '-', such as steps have.
  std::optional<std::string> name(const YamlNode& node, std::string_view what) const;

  std::optional<std::uint32_t> count(const YamlNode& node, std::string_view what,
                                     std::uint32_t most) const {
    return number(node, what, 1, most);
  }
  std::optional<std::uint32_t> number(const YamlNode& node, std::string_view what,
                                      std::uint32_t least, std::uint32_t most) const;
  std::optional<bool> boolean(const YamlNode& node, std::string_view what) const;

  /// `200ms`, `60s`, `10m`, `1h30m`: up to 30 days.
  std::optional<messages::Duration> duration(const YamlNode& node, std::string_view what) const;

  /// `64kb`, `512mb`, `1gb`, `2tb`, by 1024; or 0.
  std::optional<std::uint64_t> size(const YamlNode& node, std::string_view what) const;

 private:
  Problems& problems_;
};

/// What a plain scalar means in JSON; a number with a fraction, or too large, is a string.
messages::Value value_of(const YamlNode& node);

bool is_name(std::string_view text);  ///< as ValueReader::name has it
std::optional<std::int64_t> integer_of(std::string_view text);
std::optional<messages::Duration> duration_of(std::string_view text);
std::string duration_text(messages::Duration duration);  ///< "150ms", of whole milliseconds

}  // namespace queenright::program
