#include "actors/host/role_actor.hpp"

#include <algorithm>
#include <utility>

#include "persistence/role_life.hpp"

namespace queenright::host {

using messages::Cause;
using messages::Input;
using messages::TraceId;
using persistence::ActiveRole;
using persistence::RoleLife;
using persistence::Turn;

namespace {

/// The actor around a role's life.
class RoleActor {
 public:
  RoleActor(caf::event_based_actor* self, const Workplace& workplace, ActiveRole role)
      : self_(self),
        workplace_(workplace),
        life_(std::move(role)),
        turn_(workplace.node, workplace.catalogue, workplace.group_commit, workplace.outlet,
              workplace.clock) {}

  void take(TraceId trace, Cause cause, Input::Body body) {
    const auto end = life_.take(turn_, workplace_.group_commit, trace, cause, std::move(body));
    if (end && end->broken.empty()) return self_->quit();
    if (end) return self_->quit(caf::make_error(caf::sec::runtime_error, end->broken));
    schedule();
  }

  void tick(messages::Instant asked_for) {
    using enum RoleLife::Tick;
    switch (life_.ticked(asked_for, workplace_.clock.now())) {
      case due: return take({}, {}, messages::Due{});
      case early: return schedule();
      case superseded: return;
    }
  }

  void checkpoint(bool stop) {
    persistence::checkpoint(workplace_.catalogue, workplace_.group_commit, life_.self());
    if (stop) self_->quit();
  }

 private:
  void schedule() {
    const auto tick = life_.next_tick();
    if (!tick) return;
    const auto wait = std::max(*tick - workplace_.clock.now(), messages::Duration{});
    self_->delayed_send(self_, wait, Tick{*tick});
  }

  caf::event_based_actor* self_;
  const Workplace& workplace_;
  RoleLife life_;
  Turn turn_;
};

}  // namespace

caf::behavior role_actor(caf::event_based_actor* self, const Workplace& workplace,
                         std::shared_ptr<ActiveRole> role) {
  auto actor = std::make_shared<RoleActor>(self, workplace, std::move(*role));
  self->set_default_handler(caf::drop);
  return {
      [actor](Delivery& delivery) {
        actor->take(delivery.trace, delivery.cause, std::move(delivery.body));
      },
      [actor](Tick tick) { actor->tick(tick.asked_for); },
      [actor](Checkpoint checkpoint) { actor->checkpoint(checkpoint.stop); },
  };
}

}  // namespace queenright::host
