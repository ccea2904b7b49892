#pragma once

#include <string>
#include <variant>

#include "messages/effect.hpp"
#include "messages/input.hpp"

/// Where an effect goes: to a role of its own node, or out.
namespace queenright::persistence {

/// A role of this node. Clients are outside of it, also those whose answers pass through it.
inline bool stays_on(messages::NodeId node, const messages::Address& to) {
  return to.node == node && to.role.kind != messages::RoleKind::client;
}
bool stays_on(messages::NodeId node, const messages::Effect& effect);

/// An effect that has become the input of a role of the same node.
struct LocalInput {
  messages::RoleId to;
  messages::Input::Body body;
};

/// It stays as an input, brings roles back, or leaves the node.
using Route = std::variant<LocalInput, messages::Restart, messages::Effect>;
Route route(messages::NodeId node, const messages::Cause& cause, messages::Effect effect);

/// What comes of it that a role of this node ended: its supervisor hears of it, and when that was
/// the supervisor itself, the node ends.
Route route_fall(messages::RoleId fallen, const std::string& reason);

}  // namespace queenright::persistence
