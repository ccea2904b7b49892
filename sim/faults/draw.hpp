#pragma once

#include <utility>
#include <vector>

#include "sim/world/chance.hpp"

namespace queenright::sim {

/// Chance, with the draws that faults need.
class Draw {
 public:
  Draw(std::uint64_t seed, std::uint64_t stream) : chance_(seed, stream) {}

  std::uint64_t below(std::uint64_t end) { return chance_.below(end); }
  bool permille(std::uint64_t share) { return chance_.permille(share); }

  std::int64_t between(std::int64_t low, std::int64_t high) {  ///< both of them too
    return low + static_cast<std::int64_t>(below(static_cast<std::uint64_t>(high - low) + 1));
  }
  messages::Duration between(messages::Duration low, messages::Duration high) {
    using std::chrono::microseconds;  // whole ones, so that fault lists are short
    return microseconds{between(low / microseconds{1}, high / microseconds{1})};
  }

  template <class T>
  void shuffle(std::vector<T>& list) {
    for (std::size_t i = list.size(); i > 1; --i) std::swap(list[i - 1], list[below(i)]);
  }

 private:
  Chance chance_;
};

}  // namespace queenright::sim
