#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "messages/effect.hpp"
#include "messages/input.hpp"

namespace queenright::persistence {

/// An effect that waits until the input which caused it is synced.
struct HeldEffect {
  messages::TraceId trace;
  messages::Cause cause;
  messages::Effect effect;
};

/// One turn on its way into the journal; the views live as long as the call.
struct TurnRecord {
  messages::RoleId role;
  messages::RoleSequence sequence;
  std::string_view input;
  std::span<const std::uint64_t> effects;
  std::string_view failure;
};

/// Port: gives every record of a node its place in one order. Its calls return before what they
/// bring is synced; what a record holds back is released afterwards, in the same order.
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
