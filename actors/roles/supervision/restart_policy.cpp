#include "actors/roles/supervision/restart_policy.hpp"

#include <algorithm>

#include "messages/exit_code.hpp"
#include "messages/text.hpp"
#include "messages/writer.hpp"

namespace queenright::roles {

using messages::ActorDown;
using messages::Instant;
using messages::RoleId;

std::string RestartPolicy::snapshot() const { return messages::encode(state_); }
std::string RestartPolicy::text() const { return messages::to_text(state_); }

std::vector<RoleId> RestartPolicy::to_restart(RoleId ended) const {
  const auto& children = state_.spec.children;
  const auto place = std::find(children.begin(), children.end(), ended);
  if (place == children.end() || state_.spec.strategy == Strategy::one_for_one) return {ended};
  if (state_.spec.strategy == Strategy::rest_for_one) return {place, children.end()};
  return children;
}

void RestartPolicy::step(messages::Input input, messages::Effects& effects) {
  if (std::holds_alternative<messages::Booted>(input.body)) state_.restarts.clear();
  const auto* down = std::get_if<ActorDown>(&input.body);
  if (down == nullptr) return;
  std::erase_if(state_.restarts, [&](Instant at) { return input.now - at > state_.spec.period; });
  if (state_.restarts.size() >= state_.spec.max_restarts) {
    effects.emit(messages::StopNode{number_of(messages::ExitCode::unavailable),
                                    name_of(down->role) + " failed " +
                                        std::to_string(state_.restarts.size() + 1) +
                                        " times: " + down->reason});
    return;
  }
  state_.restarts.push_back(input.now);
  effects.emit(messages::Restart{to_restart(down->role)});
}

}  // namespace queenright::roles
