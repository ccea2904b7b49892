#include "persistence/role_life.hpp"

#include <utility>

namespace queenright::persistence {

std::optional<RoleEnd> RoleLife::take(Turn& turn, Sequencer& sequencer, messages::TraceId trace,
                                      messages::Cause cause, messages::Input::Body body) {
  const bool retires = std::holds_alternative<messages::Retired>(body);
  std::string broken = turn.take(self_, trace, cause, std::move(body));
  if (!broken.empty()) return RoleEnd{std::move(broken)};
  if (!retires) return std::nullopt;
  sequencer.forget_snapshot(self_.id);
  return RoleEnd{};
}

std::optional<messages::Instant> RoleLife::next_tick() {
  const auto deadline = self_.role->deadline();
  if (!deadline || (awaited_ && *awaited_ <= *deadline)) return std::nullopt;
  awaited_ = deadline;
  return deadline;
}

RoleLife::Tick RoleLife::ticked(messages::Instant asked_for, messages::Instant now) {
  if (awaited_ != asked_for) return Tick::superseded;
  awaited_.reset();
  const auto deadline = self_.role->deadline();
  return deadline && *deadline <= now ? Tick::due : Tick::early;
}

}  // namespace queenright::persistence
