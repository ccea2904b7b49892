#include "deploy/program/document/values.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "messages/near_name.hpp"

namespace queenright::program {
namespace {

using messages::Duration;
using messages::Value;

constexpr std::size_t longest_name = 100;
constexpr Duration longest_duration = std::chrono::hours{24 * 30};

bool holds(std::span<const std::string_view> names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

bool is_name(std::string_view text) {
  const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  return !text.empty() && text.size() <= longest_name && fits(text.front()) &&
         std::all_of(text.begin(), text.end(), [&](char c) { return fits(c) || c == '-'; });
}

Keys::Keys(const YamlNode& map, std::string_view whose, std::span<const std::string_view> known,
           std::span<const std::string_view> later, Problems& problems)
    : problems_(&problems) {
  if (map.kind != YamlNode::Kind::map) {
    problems.error(map,
                   std::string(whose) + " is a map of keys, not " + std::string(kind_name(map)));
    return;
  }
  map_ = &map;
  map.entries([&](const YamlNode& key, const YamlNode&) {
    if (holds(known, key.text)) return;
    if (holds(later, key.text))
      problems.error(key, in_quotes(key.text) + " is not in this version");
    else
      problems.error(key, "unknown key " + in_quotes(key.text) + " in " + std::string(whose) +
                              messages::did_you_mean(key.text, known));
  });
}

const YamlNode* Keys::find(std::string_view key) const {
  const YamlNode* found = nullptr;
  if (map_ == nullptr) return found;
  map_->entries([&](const YamlNode& name, const YamlNode& value) {
    if (found == nullptr && name.text == key) found = &value;
  });
  return found;
}

const YamlNode* Keys::require(std::string_view key, std::string_view meaning) const {
  const YamlNode* value = find(key);
  if (value == nullptr && map_ != nullptr)
    problems_->error(*map_,
                     "the key '" + std::string(key) + "' is missing: " + std::string(meaning));
  return value;
}

std::optional<std::string> ValueReader::text(const YamlNode& node, std::string_view what) const {
  if (node.is_scalar()) return node.text;
  const bool empty = node.kind == YamlNode::Kind::null;
  problems_.error(node, std::string(what) + " is a text, not " + std::string(kind_name(node)) +
                            (empty ? "; an empty text is \"\"" : ""));
  return std::nullopt;
}

std::optional<std::string> ValueReader::name(const YamlNode& node, std::string_view what) const {
  const auto name = text(node, what);
  if (!name || is_name(*name)) return name;
  problems_.error(node, in_quotes(*name) + " can't be " + std::string(what) +
                            ": write a-z, 0-9 and '-', at most 100 of them, not '-' first");
  return std::nullopt;
}

std::optional<std::uint32_t> ValueReader::number(const YamlNode& node, std::string_view what,
                                                 std::uint32_t least, std::uint32_t most) const {
  const bool plain = node.kind == YamlNode::Kind::plain;
  const auto number = plain ? integer_of(node.text) : std::nullopt;
  if (number && *number >= least && *number <= most) return static_cast<std::uint32_t>(*number);
  problems_.error(node, std::string(what) + " is a number from " + std::to_string(least) + " to " +
                            std::to_string(most) +
                            (node.is_scalar() ? ", not " + in_quotes(node.text)
                                              : ", not " + std::string(kind_name(node))));
  return std::nullopt;
}

std::optional<bool> ValueReader::boolean(const YamlNode& node, std::string_view what) const {
  const Value value = value_of(node);
  if (const bool* truth = value.boolean()) return *truth;
  problems_.error(node,
                  std::string(what) + " is true or false, not " +
                      (node.is_scalar() ? in_quotes(node.text) : std::string(kind_name(node))));
  return std::nullopt;
}

std::optional<Duration> ValueReader::duration(const YamlNode& node, std::string_view what) const {
  const auto duration = node.is_scalar() ? duration_of(node.text) : std::nullopt;
  if (duration) return duration;
  std::string wrong =
      std::string(what) + " is a duration such as 200ms, 60s, 10m or 1h30m, up to 720h, not ";
  wrong += node.is_scalar() ? in_quotes(node.text) : kind_name(node);
  if (node.is_scalar() && integer_of(node.text)) wrong += "; it needs a unit";
  problems_.error(node, std::move(wrong));
  return std::nullopt;
}

std::optional<std::uint64_t> ValueReader::size(const YamlNode& node, std::string_view what) const {
  static constexpr std::array<std::pair<std::string_view, unsigned>, 4> units{
      {{"kb", 10}, {"mb", 20}, {"gb", 30}, {"tb", 40}}};
  static constexpr std::int64_t most = 1'000'000;  // of a unit
  if (node.is_scalar()) {
    if (node.text == "0") return 0;
    for (const auto& [unit, shift] : units) {
      if (!node.text.ends_with(unit)) continue;
      const auto number =
          integer_of(std::string_view(node.text).substr(0, node.text.size() - unit.size()));
      if (number && *number >= 0 && *number <= most)
        return static_cast<std::uint64_t>(*number) << shift;
    }
  }
  problems_.error(node,
                  std::string(what) + " is a size such as 64kb, 512mb, 1gb or 2tb, or 0, not " +
                      (node.is_scalar() ? in_quotes(node.text) : std::string(kind_name(node))));
  return std::nullopt;
}

Value value_of(const YamlNode& node) {
  switch (node.kind) {
    case YamlNode::Kind::null: return {};
    case YamlNode::Kind::quoted: return node.text;
    case YamlNode::Kind::plain:
      if (node.text == "true" || node.text == "false") return node.text == "true";
      if (const auto number = integer_of(node.text)) return *number;
      return node.text;
    case YamlNode::Kind::list: {
      Value::List list;
      for (const YamlNode& element : node.parts) list.push_back(value_of(element));
      return list;
    }
    case YamlNode::Kind::map: break;
  }
  Value::Map map;
  node.entries(
      [&](const YamlNode& key, const YamlNode& value) { map.emplace(key.text, value_of(value)); });
  return map;
}

/// As in JSON: no '+', no leading zeros.
std::optional<std::int64_t> integer_of(std::string_view text) {
  const std::string_view digits = text.starts_with('-') ? text.substr(1) : text;
  if (digits.empty() || (digits.size() > 1 && digits.front() == '0')) return std::nullopt;
  std::int64_t number = 0;
  const char* end = text.data() + text.size();
  const auto [stop, problem] = std::from_chars(text.data(), end, number);
  if (problem != std::errc{} || stop != end) return std::nullopt;
  return number;
}

std::optional<Duration> duration_of(std::string_view text) {
  using std::chrono::milliseconds;
  struct Unit {
    std::string_view name;
    milliseconds length;
  };
  static constexpr std::array<Unit, 4> units{{{"h", std::chrono::hours{1}},
                                              {"m", std::chrono::minutes{1}},
                                              {"s", std::chrono::seconds{1}},
                                              {"ms", milliseconds{1}}}};
  Duration sum{};
  auto allowed = units.begin();  // from the longest to the shortest, each once
  while (!text.empty()) {
    const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
    const std::size_t end = std::min(text.find_first_of("0123456789", digits), text.size());
    const std::string_view name = text.substr(digits, end - digits);
    std::uint32_t number = 0;
    const auto parsed = std::from_chars(text.data(), text.data() + digits, number);
    const auto unit =
        std::find_if(allowed, units.end(), [&](const Unit& u) { return u.name == name; });
    if (parsed.ec != std::errc{} || unit == units.end()) return std::nullopt;
    if (unit->length * std::int64_t{number} > longest_duration) return std::nullopt;
    sum += unit->length * std::int64_t{number};
    allowed = std::next(unit);
    text.remove_prefix(end);
    if (text.empty() && sum <= longest_duration) return sum;
  }
  return std::nullopt;
}

std::string duration_text(Duration duration) {
  return std::to_string(duration / std::chrono::milliseconds{1}) + "ms";
}

}  // namespace queenright::program
