#include "actors/host/role_actor.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace queenright::host {

using messages::Cause;
using messages::Input;
using messages::Instant;
using messages::TraceId;
using persistence::ActiveRole;
using persistence::Turn;

namespace {

/// The actor's side of a role: turns, deadlines, snapshots.
class RoleActor {
 public:
  RoleActor(caf::event_based_actor* self, const Workplace& workplace,
            std::shared_ptr<ActiveRole> role)
      : self_(self),
        workplace_(workplace),
        role_(std::move(role)),
        turn_(workplace.node, workplace.catalogue, workplace.group_commit, workplace.outlet,
              workplace.clock) {}

  void take(TraceId trace, Cause cause, Input::Body body) {
    const bool retires = std::holds_alternative<messages::Retired>(body);
    const std::string broken = turn_.take(*role_, trace, cause, std::move(body));
    if (!broken.empty()) return self_->quit(caf::make_error(caf::sec::runtime_error, broken));
    if (retires) {
      workplace_.group_commit.forget_snapshot(role_->id);
      return self_->quit();
    }
    schedule();
  }

  void tick() {
    scheduled_.reset();
    const auto deadline = role_->role->deadline();
    if (deadline && *deadline <= workplace_.clock.now())
      take({}, {}, messages::Due{});
    else
      schedule();
  }

  void checkpoint(bool stop) {
    persistence::checkpoint(workplace_.catalogue, workplace_.group_commit, *role_);
    if (stop) self_->quit();
  }

 private:
  /// One tick at a time is on its way; one that comes early asks again.
  void schedule() {
    const auto deadline = role_->role->deadline();
    if (!deadline || (scheduled_ && *scheduled_ <= *deadline)) return;
    scheduled_ = deadline;
    const auto wait = std::max(*deadline - workplace_.clock.now(), messages::Duration{});
    self_->delayed_send(self_, wait, Tick{});
  }

  caf::event_based_actor* self_;
  const Workplace& workplace_;
  std::shared_ptr<ActiveRole> role_;
  Turn turn_;
  std::optional<Instant> scheduled_;
};

}  // namespace

caf::behavior role_actor(caf::event_based_actor* self, const Workplace& workplace,
                         std::shared_ptr<ActiveRole> role) {
  auto actor = std::make_shared<RoleActor>(self, workplace, std::move(role));
  self->set_default_handler(caf::drop);
  return {
      [actor](Delivery& delivery) {
        actor->take(delivery.trace, delivery.cause, std::move(delivery.body));
      },
      [actor](Tick) { actor->tick(); },
      [actor](Checkpoint checkpoint) { actor->checkpoint(checkpoint.stop); },
  };
}

}  // namespace queenright::host
