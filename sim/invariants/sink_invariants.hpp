#pragma once

#include <map>
#include <set>

#include "sim/invariants/watch.hpp"

namespace queenright::sim {

/// A6, and what a user relies on: no order of a fenced epoch is followed, a degraded queen
/// dispatches nothing.
class SinkInvariants : public Invariants {
 public:
  void turned(const Turned& turn) override;
  void released(const Released& released) override;

 private:
  void ordered(const Turned& turn, const messages::SinkEffect& effect);
  void followed(const Released& released, const messages::SinkAck& ack);

  std::set<std::pair<messages::CircuitId, messages::LogIndex>> applied_;
  std::map<std::pair<messages::NodeId, messages::CircuitId>, messages::Epoch> fences_;
};

}  // namespace queenright::sim
