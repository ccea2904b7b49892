#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "persistence/active_role.hpp"
#include "persistence/turn.hpp"

namespace queenright::persistence {

/// How a role's life ended.
struct RoleEnd {
  std::string broken;  ///< the invariant for which it has to be rebuilt; empty: it has retired
};

/// A role of a running node, from birth or recovery to its end: its turns, and the ticks that tell
/// it of its deadline. The live host and the simulation both let roles live so. One thread at a
/// time.
class RoleLife {
 public:
  explicit RoleLife(ActiveRole self) : self_(std::move(self)) {}

  /// One turn; none: it goes on. Else no other may follow. The snapshot of one that has retired
  /// is forgotten.
  std::optional<RoleEnd> take(Turn& turn, Sequencer& sequencer, messages::TraceId trace,
                              messages::Cause cause, messages::Input::Body body);

  /// When a tick has to come, if none is on its way that comes as early: the caller sends it.
  std::optional<messages::Instant> next_tick();

  /// The tick of this instant has come. One that is early is followed by another one: `next_tick`
  /// is asked again. One for which an earlier one was asked meanwhile is over.
  enum class Tick : std::uint8_t { due, early, superseded };
  Tick ticked(messages::Instant asked_for, messages::Instant now);

  /// What was on its way does not come any more.
  void lose_tick() { awaited_.reset(); }

  const ActiveRole& self() const { return self_; }

 private:
  ActiveRole self_;
  std::optional<messages::Instant> awaited_;
};

}  // namespace queenright::persistence
