#pragma once

#include "election/random.hpp"
#include "messages/ids.hpp"

namespace queenright::sim {

/// One stream of made-up chance. Each part of the world has its own, so that a change in one
/// leaves the others as they were.
class Chance {
 public:
  Chance(std::uint64_t seed, std::uint64_t stream) : state_(seed ^ (stream << 48U)) { word(); }

  std::uint64_t word() { return election::next_random(state_); }
  std::uint64_t below(std::uint64_t end) { return word() % end; }
  bool permille(std::uint64_t share) { return below(1000) < share; }
  messages::Duration up_to(messages::Duration most) {
    return messages::Duration(
        static_cast<std::int64_t>(below(static_cast<std::uint64_t>(most.count()) + 1)));
  }
  messages::Duration between(messages::Duration least, messages::Duration most) {
    return least + up_to(most - least);
  }

 private:
  std::uint64_t state_;
};

}  // namespace queenright::sim
