#pragma once

#include <cstdint>
#include <vector>

namespace queenright::program {

/// Which step needs which, by their places in the plan. At most 10,000 steps: what each step
/// can rely on is kept as a row of bits.
class NeedsGraph {
 public:
  explicit NeedsGraph(std::vector<std::vector<std::uint32_t>> needs);

  /// Circles of steps which need each other, each once, from its first step of the walk that
  /// found it; a step that only leads into a circle is in none.
  std::vector<std::vector<std::uint32_t>> cycles() const;

  /// Whether `step` starts after `other`, by any number of needs. True when a circle hides it.
  bool relies_on(std::uint32_t step, std::uint32_t other) const;

 private:
  void settle(std::uint32_t step);

  std::vector<std::vector<std::uint32_t>> needs_;
  std::vector<bool> settled_;  ///< its needs lead into no circle
  std::size_t row_words_;
  std::vector<std::uint64_t> bits_;
};

}  // namespace queenright::program
