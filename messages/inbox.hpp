#pragma once

#include "messages/input.hpp"

namespace queenright::messages {

/// Port: where the outside hands in what has come for a role of this node. Any thread.
class Inbox {
 public:
  virtual ~Inbox() = default;
  virtual void deliver(RoleId to, TraceId trace, Cause cause, Input::Body body) = 0;

  /// So many inputs no role has taken yet: who brings more may want to wait.
  virtual std::size_t waiting() const = 0;
};

}  // namespace queenright::messages
