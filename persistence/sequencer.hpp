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

/// Port: gives every record of a node its place in one order. Its calls return before what they
/// bring is synced; what a record holds back is released afterwards, in the same order. A record
/// is synced at the latest with the next one that is urgent.
class Sequencer {
 public:
  virtual ~Sequencer() = default;
  virtual messages::Position append(const TurnRecord& record, std::vector<HeldEffect> held) = 0;
  /// Of a role between two of its turns; it contains all that the role has appended.
  virtual void add_snapshot(messages::RoleId role, messages::RoleSequence sequence,
                            std::uint32_t version, std::string state) = 0;
  virtual void forget_snapshot(messages::RoleId retired) = 0;
  virtual messages::Position synced() const = 0;  ///< all up to here is durable
};

}  // namespace queenright::persistence
