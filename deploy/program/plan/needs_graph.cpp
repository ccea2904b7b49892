#include "deploy/program/plan/needs_graph.hpp"

#include <algorithm>

namespace queenright::program {
namespace {
constexpr std::size_t word_bits = 64;
}

/// Kahn's algorithm: a step is settled once all that it needs are.
NeedsGraph::NeedsGraph(std::vector<std::vector<std::uint32_t>> needs)
    : needs_(std::move(needs)),
      settled_(needs_.size()),
      row_words_((needs_.size() + word_bits - 1) / word_bits),
      bits_(needs_.size() * row_words_) {
  std::vector<std::vector<std::uint32_t>> dependents(needs_.size());
  std::vector<std::size_t> unmet(needs_.size());
  std::vector<std::uint32_t> ready;
  for (std::uint32_t step = 0; step < needs_.size(); ++step) {
    unmet[step] = needs_[step].size();
    if (unmet[step] == 0) ready.push_back(step);
    for (const std::uint32_t need : needs_[step]) dependents[need].push_back(step);
  }
  while (!ready.empty()) {
    const std::uint32_t step = ready.back();
    ready.pop_back();
    settle(step);
    for (const std::uint32_t dependent : dependents[step])
      if (--unmet[dependent] == 0) ready.push_back(dependent);
  }
}

void NeedsGraph::settle(std::uint32_t step) {
  settled_[step] = true;
  std::uint64_t* row = &bits_[step * row_words_];
  for (const std::uint32_t need : needs_[step]) {
    row[need / word_bits] |= std::uint64_t{1} << (need % word_bits);
    const std::uint64_t* inherited = &bits_[need * row_words_];
    for (std::size_t i = 0; i < row_words_; ++i) row[i] |= inherited[i];
  }
}

bool NeedsGraph::relies_on(std::uint32_t step, std::uint32_t other) const {
  if (!settled_[step]) return true;
  return (bits_[step * row_words_ + other / word_bits] >> (other % word_bits) & 1U) != 0;
}

/// A step that is not settled needs another such: following those must come round.
std::vector<std::vector<std::uint32_t>> NeedsGraph::cycles() const {
  std::vector<std::vector<std::uint32_t>> cycles;
  std::vector<std::uint32_t> walk_of(needs_.size(), 0);  // 0: not yet visited
  for (std::uint32_t start = 0; start < needs_.size(); ++start) {
    std::vector<std::uint32_t> walk;
    std::uint32_t at = start;
    while (!settled_[at] && walk_of[at] == 0) {
      walk_of[at] = start + 1;
      walk.push_back(at);
      at = *std::find_if(needs_[at].begin(), needs_[at].end(),
                         [&](std::uint32_t need) { return !settled_[need]; });
    }
    const auto closing = std::find(walk.begin(), walk.end(), at);
    if (closing != walk.end()) cycles.emplace_back(closing, walk.end());
  }
  return cycles;
}

}  // namespace queenright::program
