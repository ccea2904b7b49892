#include "actors/roles/plan/expression_functions.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "actors/roles/plan/expression.hpp"
#include "actors/roles/plan/expression_syntax.hpp"

namespace queenright::roles {
namespace {

using messages::Refusal;
using messages::Result;
using messages::Value;

Refusal wrong_types(std::string_view takes, Arguments arguments) {
  return {"takes " + std::string(takes) + ", not " + kinds_of(arguments)};
}

constexpr std::string_view two_strings = "two strings";

bool are_strings(Arguments arguments) {
  return std::all_of(arguments.begin(), arguments.end(),
                     [](const Value* value) { return value->text() != nullptr; });
}

Extent text_extent(const std::string& text) {
  return {.depth = 0, .elements = 0, .bytes = text.size()};
}

/// Characters, as everywhere in CEL: bytes which do not continue one.
std::int64_t characters_of(std::string_view text) {
  return std::count_if(text.begin(), text.end(),
                       [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; });
}

Result<Value> size_of(Arguments arguments, Budget&) {
  const Value& value = *arguments[0];
  if (const auto* text = value.text()) return Value(characters_of(*text));
  if (const auto* list = value.list()) return Value(static_cast<std::int64_t>(list->size()));
  if (const auto* map = value.map()) return Value(static_cast<std::int64_t>(map->size()));
  return wrong_types("a string, list or map", arguments);
}

Result<Value> to_int(Arguments arguments, Budget&) {
  const Value& value = *arguments[0];
  if (value.integer() != nullptr) return value;
  const auto* text = value.text();
  if (text == nullptr) return wrong_types("an int or string", arguments);
  std::int64_t number = 0;
  const char* end = text->data() + text->size();
  const auto [stop, problem] = std::from_chars(text->data(), end, number);
  if (problem == std::errc{} && stop == end) return Value(number);
  static constexpr std::size_t shown = 40;
  std::string quoted;
  messages::append_json_string(quoted, std::string_view(*text).substr(0, shown));
  return Refusal{"cannot read " + quoted + " as a number of 64 bits"};
}

Result<Value> to_string(Arguments arguments, Budget& budget) {
  std::string text = text_of(*arguments[0]);
  if (auto refusal = budget.spend(text_extent(text))) return *refusal;
  return Value(std::move(text));
}

Result<Value> join(Arguments arguments, Budget& budget) {
  const auto* list = arguments[0]->list();
  static const std::string nothing;
  const auto* separator = arguments.size() > 1 ? arguments[1]->text() : &nothing;
  if (list == nullptr || separator == nullptr) return wrong_types("a list and a string", arguments);
  std::string joined;
  Extent whole;
  for (std::size_t i = 0; i < list->size(); ++i) {
    const std::string part = (i == 0 ? "" : *separator) + text_of((*list)[i]);
    if (auto refusal = budget.grow(whole, text_extent(part))) return *refusal;
    joined += part;
  }
  return Value(std::move(joined));
}

Result<Value> split(Arguments arguments, Budget& budget) {
  if (!are_strings(arguments)) return wrong_types(two_strings, arguments);
  std::string_view rest = *arguments[0]->text();
  const std::string& separator = *arguments[1]->text();
  if (separator.empty()) return Refusal{"needs a separator that is not empty"};
  Value::List parts;
  Extent whole;
  while (true) {
    const std::size_t end = rest.find(separator);
    std::string part(rest.substr(0, end));
    if (auto refusal = budget.grow(whole, {.depth = 1, .elements = 1, .bytes = part.size()}))
      return *refusal;
    parts.emplace_back(std::move(part));
    if (end == std::string_view::npos) return Value(std::move(parts));
    rest.remove_prefix(end + separator.size());
  }
}

/// RE2 takes time linear in the text, and memory that is bounded here.
Result<Value> matches(Arguments arguments, Budget& budget) {
  if (!are_strings(arguments)) return wrong_types(two_strings, arguments);
  const std::string& text = *arguments[0]->text();
  const std::string& pattern = *arguments[1]->text();
  if (pattern.size() > ExpressionLimits::pattern)
    return Refusal{"takes a pattern of at most 1000 bytes"};
  if (text.size() > ExpressionLimits::matched) return Refusal{"takes a text of at most 1 MiB"};
  if (auto refusal = budget.spend(text_extent(text))) return *refusal;
  static constexpr std::int64_t memory = 256 << 10;
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(memory);
  const re2::RE2 compiled(pattern, options);
  if (!compiled.ok()) return Refusal{"cannot use this pattern: " + compiled.error()};
  return Value(re2::RE2::PartialMatch(text, compiled));
}

Result<Value> starts_with(Arguments arguments, Budget&) {
  if (!are_strings(arguments)) return wrong_types(two_strings, arguments);
  return Value(arguments[0]->text()->starts_with(*arguments[1]->text()));
}

Result<Value> ends_with(Arguments arguments, Budget&) {
  if (!are_strings(arguments)) return wrong_types(two_strings, arguments);
  return Value(arguments[0]->text()->ends_with(*arguments[1]->text()));
}

Result<Value> contains(Arguments arguments, Budget&) {
  if (arguments[0]->list() != nullptr || arguments[0]->map() != nullptr)
    return Refusal{"looks into strings; for a list or map write: x in " +
                   std::string(arguments[0]->kind_name())};
  if (!are_strings(arguments)) return wrong_types(two_strings, arguments);
  return Value(arguments[0]->text()->find(*arguments[1]->text()) != std::string::npos);
}

constexpr std::array<Function, 9> functions{{
    {"size", 1, 1, "one string, list or map", true, size_of},
    {"int", 1, 1, "one int or string", false, to_int},
    {"string", 1, 1, "one value", false, to_string},
    {"join", 1, 2, "a list and perhaps a separator", true, join},
    {"split", 2, 2, two_strings, true, split},
    {"matches", 2, 2, two_strings, true, matches},
    {"startsWith", 2, 2, two_strings, true, starts_with},
    {"endsWith", 2, 2, two_strings, true, ends_with},
    {"contains", 2, 2, two_strings, true, contains},
}};

}  // namespace

const Function* find_function(std::string_view name) {
  for (const Function& function : functions)
    if (function.name == name) return &function;
  return nullptr;
}

std::string function_names() {
  std::string names;
  for (const Function& function : functions) names += std::string(function.name) + " ";
  return names + "has failed always";
}

std::string kinds_of(Arguments arguments) {
  std::string kinds;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (i != 0) kinds += " and ";
    kinds += arguments[i]->kind_name();
  }
  return kinds;
}

}  // namespace queenright::roles
