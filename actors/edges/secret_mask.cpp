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

/// Values that begin in it may reach beyond it.
std::size_t SecretMask::end_of_overlap(std::string_view text, const Found& first) const {
  std::size_t end = first.at + first.size;
  for (bool grows = true; grows;) {
    grows = false;
    for (const auto& value : values_)
      for (auto at = text.find(value, first.at + 1); at < end; at = text.find(value, at + 1)) {
        grows = grows || at + value.size() > end;
        end = std::max(end, at + value.size());
      }
  }
  return end;
}

/// The text ends in the middle of it.
bool SecretMask::may_begin_at(std::string_view text, std::size_t at) const {
  return std::any_of(values_.begin(), values_.end(), [&](const std::string& value) {
    return value.size() > text.size() - at && value.starts_with(text.substr(at));
  });
}

/// The first place where a value is, with all that overlaps it.
SecretMask::Found SecretMask::find(std::string_view text, std::size_t from, bool goes_on) const {
  Found first{text.size(), 0};
  for (const auto& value : values_) {
    const auto before = text.substr(0, first.at + value.size() - 1);
    if (const auto at = before.find(value, from); at < first.at) first = {at, value.size()};
  }
  if (first.size > 0) first.size = end_of_overlap(text, first) - first.at;
  if (!goes_on) return first;
  const std::size_t longest = values_.front().size();
  const std::size_t near_the_end = text.size() - std::min(text.size() - from, longest - 1);
  const std::size_t end = std::min(text.size(), std::max(first.at + 1, first.at + first.size));
  for (std::size_t at = near_the_end; at < end; ++at)
    if (may_begin_at(text, at)) return {std::min(at, first.at), 0};
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
