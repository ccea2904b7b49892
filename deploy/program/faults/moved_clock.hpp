#pragma once

#include <mutex>

#include "deploy/program/faults/fault_order.hpp"
#include "messages/clock.hpp"

namespace queenright::program {

/// Goes as another clock does until it is moved. What it has gained or lost since boot stays when
/// it is healed: that time never jumps.
class MovedClock : public messages::Clock {
 public:
  /// `machine` outlives it.
  explicit MovedClock(const messages::Clock& machine);

  messages::Instant now() const override;
  messages::WallTime wall() const override;

  void move(const MoveClock& move);  ///< any thread

 private:
  messages::Instant at(messages::Instant machine) const;

  const messages::Clock& machine_;
  mutable std::mutex mutex_;  ///< guards what follows
  messages::Instant moved_;   ///< last, by the machine's clock
  messages::Instant then_;    ///< this clock showed that then
  MoveClock move_;
};

}  // namespace queenright::program
