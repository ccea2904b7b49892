#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "messages/election_item.hpp"

namespace queenright::election {

/// Digests of what a queen knows of all roots, kept as it changes: equal digests, equal views
/// (R13). The order in which views were learnt makes no difference.
class ViewDigests {
 public:
  static std::size_t bucket_of(messages::CircuitId circuit) { return circuit.value % count; }

  void replace(const messages::View& before, const messages::View& after) {
    auto& bucket = buckets_[bucket_of(after.circuit)];
    bucket += digest_of(after) - digest_of(before);
  }
  std::vector<std::uint64_t> buckets() const { return {buckets_.begin(), buckets_.end()}; }
  std::uint64_t whole() const;

 private:
  static constexpr std::size_t count = 64;
  static std::uint64_t digest_of(const messages::View& view);

  std::array<std::uint64_t, count> buckets_{};
};

}  // namespace queenright::election
