#include "actors/edges/secret_mask.hpp"

#include <algorithm>
#include <utility>

namespace queenright::edges {

using messages::Value;

namespace {

constexpr std::string_view instead = "***";

}  // namespace

SecretMask::SecretMask(std::vector<std::string> values) : values_(std::move(values)) {
  std::sort(values_.begin(), values_.end(), [](const std::string& a, const std::string& b) {
    return a.size() != b.size() ? a.size() > b.size() : a < b;
  });
}

/// The first place where a value is; of several there, the longest one.
SecretMask::Found SecretMask::find(std::string_view text, std::size_t from, bool goes_on) const {
  Found first{text.size(), 0};
  for (const auto& value : values_) {
    const auto before = text.substr(0, first.at + value.size() - 1);
    if (const auto at = before.find(value, from); at < first.at) first = {at, value.size()};
  }
  if (!goes_on) return first;
  const std::size_t longest = values_.front().size();
  const std::size_t near_the_end = text.size() - std::min(text.size() - from, longest - 1);
  for (std::size_t at = near_the_end; at <= first.at && at < text.size(); ++at) {
    const auto begins = [&](const std::string& value) {
      return value.size() > text.size() - at && value.starts_with(text.substr(at));
    };
    if (std::any_of(values_.begin(), values_.end(), begins)) return {at, 0};
  }
  return first;
}

std::string SecretMask::masked(std::string_view text, bool goes_on, std::size_t& told) const {
  std::string result;
  told = 0;
  while (told < text.size()) {
    const Found found = find(text, told, goes_on);
    result += text.substr(told, found.at - told);
    told = found.at + found.size;
    if (found.size == 0) break;
    result += instead;
  }
  return result;
}

std::string SecretMask::next(std::string_view piece) {
  held_ += piece;
  std::size_t told = 0;
  std::string result = masked(held_, true, told);
  held_.erase(0, told);
  return result;
}

std::string SecretMask::rest() {
  std::size_t told = 0;
  return masked(std::exchange(held_, {}), false, told);
}

Value SecretMask::masked(Value value) const {
  if (!masks()) return value;
  std::size_t told = 0;
  if (const auto* text = value.text()) return masked(*text, false, told);
  if (const auto* list = value.list()) {
    Value::List all;
    for (const auto& one : *list) all.push_back(masked(one));
    return all;
  }
  if (const auto* map = value.map()) {
    Value::Map all;
    for (const auto& [key, one] : *map) all[masked(key, false, told)] = masked(one);
    return all;
  }
  return value;
}

}  // namespace queenright::edges
