#pragma once

#include <chrono>
#include <cstdint>

#include "election/rules.hpp"
#include "messages/ids.hpp"
#include "messages/timing.hpp"

namespace queenright::sim {

/// How a world begins. All of it follows from these numbers.
struct Options {
  std::uint64_t seed = 1;
  std::uint32_t queens = 1;                                    ///< nodes 1 and up
  std::uint32_t workers = 2;                                   ///< the nodes after them
  std::uint32_t slots = 4;                                     ///< of each worker
  messages::Duration time_to_live = std::chrono::seconds{60};  ///< of each worker
  bool alike = true;  ///< workers offer all that made-up plans need; else each something else
  std::uint32_t clients = 2;
  std::uint32_t runs_at_once = 1;                                ///< of each client
  messages::Duration thinking = std::chrono::milliseconds{500};  ///< between two runs, at most
  bool reads = true;                                             ///< clients ask how their runs are

  messages::Timing timing = messages::usual_timing;
  messages::Duration delay = std::chrono::milliseconds{1};  ///< of every link, one way
  messages::Duration jitter = std::chrono::microseconds{200};
  messages::Duration sync = std::chrono::microseconds{500};
  std::uint64_t checkpoint_bytes = 1U << 15U;  ///< of journal, then every role is snapshotted
  election::Rules rules;                       ///< those of the queens
  bool exit_proof = true;  ///< peers learn of a process that ended by itself, or was crashed
};

}  // namespace queenright::sim
