#pragma once

#include "messages/effect.hpp"
#include "messages/input.hpp"

namespace queenright::messages {

/// What a role says to one of another node, on its way.
struct Letter {
  static constexpr auto name = "Letter";
  TraceId trace;
  Cause cause;  ///< who sent it, and at which of its inputs
  Send send;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "trace", self.trace);
    visit(2, "cause", self.cause);
    visit(3, "send", self.send);
  }
};

/// Worth nothing later: it only keeps nodes in touch, and the next one says more.
bool is_fleeting(const Letter& letter);

}  // namespace queenright::messages
