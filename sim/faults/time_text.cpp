#include "sim/faults/time_text.hpp"

#include <array>
#include <charconv>
#include <utility>

namespace queenright::sim {
namespace {

using messages::Duration;

constexpr std::int64_t second = 1'000'000'000;
constexpr std::array<std::pair<std::string_view, std::int64_t>, 6> units{{{"h", 3600 * second},
                                                                          {"m", 60 * second},
                                                                          {"s", second},
                                                                          {"ms", 1'000'000},
                                                                          {"us", 1'000},
                                                                          {"ns", 1}}};
constexpr std::int64_t longest = 10'000;  // hours
constexpr std::size_t digits_of_fraction = 9;

}  // namespace

std::string time_text(Duration span) {
  for (const auto& [unit, size] : units)
    if (size <= second && span.count() % size == 0)
      return std::to_string(span.count() / size) + std::string(unit);
  return std::to_string(span.count()) + "ns";
}

std::optional<std::int64_t> number_of(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<Duration> time_of(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  const std::size_t behind = text.find_first_not_of("0123456789.");
  if (behind == 0 || behind == std::string_view::npos) return std::nullopt;
  std::int64_t size = 0;
  for (const auto& [unit, length] : units)
    if (text.substr(behind) == unit) size = length;
  if (size == 0) return std::nullopt;

  const std::string_view digits = text.substr(0, behind);
  const std::size_t point = std::min(digits.find('.'), digits.size());
  const auto whole = number_of(digits.substr(0, point));
  if (!whole || *whole > longest * units[0].second / size) return std::nullopt;
  std::int64_t total = *whole * size;
  if (point < digits.size()) {
    const std::string_view fraction = digits.substr(point + 1);
    if (fraction.empty() || fraction.size() > digits_of_fraction) return std::nullopt;
    std::int64_t place = size;
    for (const char digit : fraction) {
      if (digit == '.') return std::nullopt;
      place /= 10;  // what is below a nanosecond is nothing
      total += (digit - '0') * place;
    }
  }
  return Duration{negative ? -total : total};
}

}  // namespace queenright::sim
