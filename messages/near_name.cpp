#include "messages/near_name.hpp"

#include <algorithm>
#include <array>
#include <numeric>

namespace queenright::messages {
namespace {

constexpr std::size_t longest = 64;
constexpr std::size_t farthest = 2;

using Row = std::array<std::size_t, longest + 1>;

/// How many letters must be put in, left out, changed, or swapped with the next one, to turn `from`
/// into `to` (optimal string alignment).
std::size_t distance(std::string_view from, std::string_view to) {
  Row before{};
  Row last{};
  Row row{};
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= from.size(); ++i) {
    before = last;
    last = row;
    row[0] = i;
    for (std::size_t j = 1; j <= to.size(); ++j) {
      const std::size_t changed = last[j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
      row[j] = std::min({changed, last[j] + 1, row[j - 1] + 1});
      const bool swapped = i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1];
      if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
  }
  return row[to.size()];
}

}  // namespace

std::string_view near_name(std::string_view name, std::span<const std::string_view> candidates) {
  std::string_view nearest;
  std::size_t least = farthest + 1;
  if (name.size() > longest) return nearest;
  for (const std::string_view candidate : candidates) {
    const std::size_t shorter = std::min(name.size(), candidate.size());
    const std::size_t longer = std::max(name.size(), candidate.size());
    if (candidate.size() > longest || longer - shorter > farthest) continue;
    const std::size_t far = distance(name, candidate);
    if (far < least && far * 2 <= shorter) {
      least = far;
      nearest = candidate;
    }
  }
  return nearest;
}

std::string did_you_mean(std::string_view name, std::span<const std::string_view> candidates) {
  const std::string_view nearest = near_name(name, candidates);
  return nearest.empty() ? "" : "; did you mean '" + std::string(nearest) + "'?";
}

std::string in_quotes(std::string_view word) { return "'" + std::string(word) + "'"; }

}  // namespace queenright::messages
