#pragma once

#include "messages/letter.hpp"

namespace queenright::messages {

/// Port: takes letters to other nodes, where they come out of an Inbox. Any thread; never blocks.
/// From one role to one other they arrive in the order in which they were sent, each once. Those
/// that a node is sent while it is away, or takes nothing for long, may be lost, and so may
/// fleeting ones at any time; a letter to a node that nobody knows is.
class Link {
 public:
  virtual ~Link() = default;
  virtual void send(Letter letter) = 0;
};

}  // namespace queenright::messages
