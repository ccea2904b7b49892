#pragma once

#include <vector>

#include "messages/effect.hpp"
#include "messages/input.hpp"
#include "persistence/record.hpp"

namespace queenright::persistence {

/// An effect that waits until the input which caused it is synced.
struct HeldEffect {
  messages::TraceId trace;
  messages::Cause cause;
  messages::Effect effect;
};

/// Port: gives every record of a node its place in one order. `append` returns before the
/// record is synced; what it holds back is released afterwards, in the same order. A lazy record
/// holds nothing back and asks for no sync by itself; it is synced at the latest with the next one
/// that is not lazy.
class Sequencer {
 public:
  virtual ~Sequencer() = default;
  virtual void append(const TurnRecord& record, std::vector<HeldEffect> held) = 0;
};

}  // namespace queenright::persistence
