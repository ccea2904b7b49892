#include "persistence/routing.hpp"

#include <utility>

namespace queenright::persistence {

using messages::Effect;
using messages::Restart;
using messages::Retire;
using messages::Send;

namespace {
constexpr int supervision_failed = 6;
}

bool stays_on(messages::NodeId node, const Effect& effect) {
  if (const auto* send = std::get_if<Send>(&effect.body)) return stays_on(node, send->to);
  return std::holds_alternative<Retire>(effect.body) ||
         std::holds_alternative<Restart>(effect.body);
}

Route route(messages::NodeId node, const messages::Cause& cause, Effect effect) {
  if (!stays_on(node, effect)) return effect;
  if (auto* again = std::get_if<Restart>(&effect.body)) return std::move(*again);
  if (const auto* retire = std::get_if<Retire>(&effect.body))
    return LocalInput{retire->role, messages::Retired{}};
  auto& send = std::get<Send>(effect.body);
  return LocalInput{send.to.role, messages::Envelope{cause.who, std::move(send.items)}};
}

Route route_fall(messages::RoleId fallen, const std::string& reason) {
  if (fallen != messages::supervisor_role())
    return LocalInput{messages::supervisor_role(), messages::ActorDown{fallen, reason}};
  return Effect{messages::StopNode{supervision_failed, "the supervisor itself failed: " + reason}};
}

}  // namespace queenright::persistence
