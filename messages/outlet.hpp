#pragma once

#include "messages/effect.hpp"
#include "messages/input.hpp"

namespace queenright::messages {

/// Port: where released effects leave the node. Called from any thread, must not block, keeps
/// the order of one role's effects.
class Outlet {
 public:
  virtual ~Outlet() = default;
  virtual void release(TraceId trace, Cause cause, Effect effect) = 0;
};

}  // namespace queenright::messages
