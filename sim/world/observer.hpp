#pragma once

#include <span>
#include <string>

#include "messages/role.hpp"

/// How invariants and traces look on. What is handed in lives as long as the call; `at` is true
/// time, which no node knows.
namespace queenright::sim {

/// A turn was taken: after its step, before anything of it is released.
struct Turned {
  messages::Instant at;
  messages::NodeId node;
  messages::RoleId role;
  messages::RoleSequence sequence;
  messages::Position position;  ///< in the node's journal, synced or not
  const messages::Role* after;  ///< none: it broke an invariant and is not quarantined
  const messages::Input& input;
  std::span<const messages::Effect> effects;
  const std::string& failure;  ///< the invariant that it broke; empty: it held
};

/// Something left a node: to another node, a client, a child; or it wants the process to end.
struct Released {
  messages::Instant at;
  messages::NodeId node;
  const messages::Cause& cause;
  const messages::Effect& effect;
};

/// A sync came back and said that all up to here is durable.
struct Synced {
  messages::Instant at;
  messages::NodeId node;
  messages::Position durable;
};

/// A process is over, by whatever cause.
struct Ended {
  messages::Instant at;
  messages::NodeId node;
  messages::Incarnation incarnation;
  messages::Position durable;  ///< what its disk has kept; after a lie less than was synced
  const std::string& reason;
};

struct Started {
  messages::Instant at;
  messages::NodeId node;
  messages::Incarnation incarnation;
  messages::Position recovered;  ///< replayed up to here
  bool amnesiac;                 ///< it has lost its directory
};

/// A client said something to a queen, or heard something through her.
struct Spoke {
  messages::Instant at;
  std::uint64_t client;
  messages::NodeId queen;
  const messages::Item& item;
};

class Observer {
 public:
  virtual ~Observer() = default;
  virtual void turned(const Turned&) {}
  virtual void released(const Released&) {}
  virtual void synced(const Synced&) {}
  virtual void ended(const Ended&) {}
  virtual void started(const Started&) {}
  virtual void asked(const Spoke&) {}
  virtual void told(const Spoke&) {}
};

}  // namespace queenright::sim
