#pragma once

#include <atomic>
#include <caf/all.hpp>

#include "actors/host/group_commit.hpp"
#include "persistence/standing_roles.hpp"
#include "persistence/turn.hpp"

namespace queenright::host {

/// Counted for as long as it exists.
class Waiting {
 public:
  explicit Waiting(std::atomic<std::size_t>& count) : count_(&count) { ++*count_; }
  Waiting(const Waiting& other) : Waiting(*other.count_) {}
  Waiting& operator=(const Waiting&) = delete;
  ~Waiting() { --*count_; }

 private:
  std::atomic<std::size_t>* count_;
};

/// An input on its way to a role's actor.
struct Delivery {
  messages::TraceId trace;
  messages::Cause cause;
  messages::Input::Body body;
  Waiting waiting;
};

/// A role takes a snapshot of itself, between two of its turns; with `stop` it then ends.
struct Checkpoint {
  bool stop = false;
};

/// The role's deadline may have come.
struct Tick {
  messages::Instant asked_for;
};

/// What an actor of this node works with; all of it outlives the actors.
struct Workplace {
  messages::NodeId node;
  const messages::Catalogue& catalogue;
  GroupCommit& group_commit;
  messages::Outlet& outlet;
  const messages::Clock& clock;
};

/// Runs one role: every message is one turn. Ends with an error when the role broke an
/// invariant and has to be rebuilt.
caf::behavior role_actor(caf::event_based_actor* self, const Workplace& workplace,
                         std::shared_ptr<persistence::ActiveRole> role);

}  // namespace queenright::host

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(queenright::host::Delivery)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(queenright::host::Checkpoint)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(queenright::host::Tick)
