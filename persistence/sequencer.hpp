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

/// Port: gives every record of a node its place in one order. `append` returns before the
/// record is synced; what it holds back is released afterwards, in the same order.
class Sequencer {
 public:
  virtual ~Sequencer() = default;
  virtual void append(const TurnRecord& record, std::vector<HeldEffect> held) = 0;
};

}  // namespace queenright::persistence
