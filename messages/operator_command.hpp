#pragma once

#include <optional>
#include <string>

#include "messages/hive_mode.hpp"
#include "messages/ids.hpp"

/// What the hive circuit is told by a person.
namespace queenright::messages {

/// Roots and tasks are to move away from a node, until it is undrained.
struct DrainNode {
  static constexpr auto name = "DrainNode";
  NodeId node;
  std::string reason;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "node", self.node);
    visit(2, "reason", self.reason);
  }
};

struct UndrainNode {
  static constexpr auto name = "UndrainNode";
  NodeId node;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "node", self.node);
  }
};

/// What the hive refuses from now on.
struct SetMode {
  static constexpr auto name = "SetMode";
  HiveMode mode{};
  std::string reason;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "mode", self.mode);
    visit(2, "reason", self.reason);
  }
};

/// An operator is there. Where no other sign of that comes in time, the hive goes into safe mode.
struct Heartbeat {
  static constexpr auto name = "Heartbeat";
  std::optional<Duration> within;  ///< the next one; zero: none is expected; nothing: as before

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "within", self.within);
  }
};

}  // namespace queenright::messages
