#include "actors/host/node.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <set>
#include <shared_mutex>
#include <utility>
#include <vector>

#include "actors/host/role_actor.hpp"
#include "persistence/incarnation.hpp"
#include "persistence/recovery.hpp"
#include "persistence/routing.hpp"

namespace queenright::host {

using messages::Booted;
using messages::Cause;
using messages::Effect;
using messages::Input;
using messages::RoleId;
using messages::RoleKind;
using messages::TraceId;
using persistence::ActiveRole;

namespace {
constexpr std::size_t roles_at_once = 64;  // of a checkpoint
}

/// The actors of the node: who they are, who watches them, and how an effect finds one.
class Node::Actors : public messages::Outlet {
 public:
  explicit Actors(Ports ports)
      : ports_(std::move(ports)),
        group_commit_(
            ports_.journal, *this, ports_.clock,
            {ports_.journal_failed, [this] { begin_checkpoint(); }, [this] { committed(); }}),
        workplace_{ports_.node, ports_.catalogue, group_commit_, *this, ports_.clock},
        system_(scheduling_),
        supervisor_(system_.spawn([this](caf::event_based_actor* self) { supervise(self); })) {}

  void start(std::map<RoleId, ActiveRole> recovered, const Booted& booted);
  void deliver(RoleId to, TraceId trace, Cause cause, Input::Body body);
  void release(TraceId trace, Cause cause, Effect effect) override;
  void begin_checkpoint();
  void stop();

  GroupCommit& group_commit() { return group_commit_; }
  std::size_t waiting() const { return waiting_; }

 private:
  void committed();
  void supervise(caf::event_based_actor* self);
  caf::actor spawn(ActiveRole role);
  caf::actor find_or_spawn(RoleId role);
  void ended(const caf::down_msg& down);
  void follow(persistence::Route route, TraceId trace, Cause cause);
  void restart(RoleId role);
  void bring_back(RoleId role, persistence::Journal& journal);

  const Ports ports_;
  Booted booted_;
  std::atomic<std::size_t> waiting_{0};  ///< deliveries in mailboxes

  std::shared_mutex mutex_;  ///< guards what follows, up to stopping_
  std::condition_variable_any changed_;
  std::map<RoleId, caf::actor> actors_;
  std::map<caf::actor_addr, RoleId> names_;
  std::set<RoleId> away_;        ///< fell, or told to end: back from snapshot and journal only
  std::set<RoleId> rebuilding_;  ///< of those, the ones on their way back
  bool stopping_ = false;

  std::vector<RoleId> to_checkpoint_;  ///< of the journal's thread only

  // The last of the actors uses all of the above.
  GroupCommit group_commit_;
  const Workplace workplace_;
  struct Scheduling : caf::actor_system_config {
    /// Threads that steal work look for it twenty thousand times a second when there is none.
    Scheduling() { set("scheduler.policy", caf::atom("sharing")); }
  } scheduling_;
  caf::actor_system system_;
  caf::actor supervisor_;
};

namespace {

/// A role to be watched by the supervisor's actor.
struct WatchActor {
  caf::actor actor;
};

}  // namespace
}  // namespace queenright::host

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(queenright::host::WatchActor)

namespace queenright::host {

void Node::Actors::supervise(caf::event_based_actor* self) {
  self->set_down_handler([this](caf::down_msg& down) { ended(down); });
  self->become([self](const WatchActor& watch) { self->monitor(watch.actor); });
}

void Node::Actors::start(std::map<RoleId, ActiveRole> recovered, const Booted& booted) {
  booted_ = booted;
  persistence::complete(recovered, booted, ports_.catalogue, group_commit_);
  const std::unique_lock lock(mutex_);
  for (const RoleId id : persistence::boot_order(recovered))
    caf::anon_send(spawn(std::move(recovered.at(id))),
                   Delivery{{}, {}, booted_, Waiting(waiting_)});
}

/// Under the lock.
caf::actor Node::Actors::spawn(ActiveRole role) {
  const RoleId id = role.id;
  auto live = [this, shared = std::make_shared<ActiveRole>(std::move(role))](
                  caf::event_based_actor* self) { return role_actor(self, workplace_, shared); };
  // Nobody else's work may keep a queen from her hellos: she has a thread of her own.
  auto actor = id.kind == RoleKind::queen ? system_.spawn<caf::detached>(std::move(live))
                                          : system_.spawn(std::move(live));
  actors_[id] = actor;
  names_[actor.address()] = id;
  caf::anon_send(supervisor_, WatchActor{actor});
  return actor;
}

caf::actor Node::Actors::find_or_spawn(RoleId role) {
  {
    const std::shared_lock lock(mutex_);
    if (const auto found = actors_.find(role); found != actors_.end()) return found->second;
  }
  if (role.kind != RoleKind::circuit) return {};
  const std::unique_lock lock(mutex_);
  if (const auto found = actors_.find(role); found != actors_.end()) return found->second;
  if (stopping_ || away_.contains(role)) return {};
  return spawn(persistence::born(ports_.catalogue, group_commit_, role));
}

void Node::Actors::deliver(RoleId to, TraceId trace, Cause cause, Input::Body body) {
  if (const auto actor = find_or_spawn(to))
    caf::anon_send(actor, Delivery{trace, cause, std::move(body), Waiting(waiting_)});
}

void Node::Actors::release(TraceId trace, Cause cause, Effect effect) {
  follow(persistence::route(ports_.node, cause, std::move(effect)), trace, cause);
}

void Node::Actors::follow(persistence::Route route, TraceId trace, Cause cause) {
  if (auto* input = std::get_if<persistence::LocalInput>(&route))
    deliver(input->to, trace, cause, std::move(input->body));
  else if (const auto* again = std::get_if<messages::Restart>(&route))
    for (const auto role : again->roles) restart(role);
  else
    ports_.edges.release(trace, cause, std::move(std::get<Effect>(route)));
}

/// Brings a role back; one that is still there is ended first.
void Node::Actors::restart(RoleId role) {
  {
    const std::unique_lock lock(mutex_);
    away_.insert(role);
    if (const auto found = actors_.find(role); found != actors_.end()) {
      caf::anon_send_exit(found->second, caf::exit_reason::user_shutdown);
      return;  // `ended` comes back here
    }
    if (!rebuilding_.insert(role).second) return;
  }
  group_commit_.with_journal(
      [this, role](persistence::Journal& journal) { bring_back(role, journal); });
}

/// On the journal's thread, when all that the fallen actor has appended is synced.
void Node::Actors::bring_back(RoleId role, persistence::Journal& journal) {
  auto rebuilt = persistence::recover_role(ports_.catalogue, journal, role);
  if (!rebuilt) return ports_.journal_failed(rebuilt.reason());
  const Booted booted = persistence::booted_again(journal, booted_);
  const std::unique_lock lock(mutex_);
  if (stopping_) return;
  away_.erase(role);
  rebuilding_.erase(role);
  caf::anon_send(spawn(std::move(rebuilt).value()), Delivery{{}, {}, booted, Waiting(waiting_)});
}

/// CAF's monitor has seen an actor end.
void Node::Actors::ended(const caf::down_msg& down) {
  std::optional<RoleId> role;
  bool expected = false;
  {
    const std::unique_lock lock(mutex_);
    const auto name = names_.extract(down.source);
    if (name.empty()) return;
    role = name.mapped();
    if (const auto actor = actors_.find(*role);
        actor != actors_.end() && actor->second.address() == down.source)
      actors_.erase(actor);
    if (down.reason)
      expected = !away_.insert(*role).second;
    else
      away_.erase(*role);  // retired, or stopped with the node
    changed_.notify_all();
  }
  if (!down.reason) return;
  if (expected)
    restart(*role);
  else
    follow(persistence::route_fall(*role, to_string(down.reason)), {}, {});
}

void Node::Actors::begin_checkpoint() {
  if (!to_checkpoint_.empty()) return;  // the one before is not over
  const std::shared_lock lock(mutex_);
  for (const auto& [role, actor] : actors_) to_checkpoint_.push_back(role);
}

/// After each sync the next few roles: thousands at once would keep the processors from hellos.
void Node::Actors::committed() {
  if (!to_checkpoint_.empty()) {
    const std::shared_lock lock(mutex_);
    const std::size_t left = to_checkpoint_.size() - std::min(to_checkpoint_.size(), roles_at_once);
    for (; to_checkpoint_.size() > left; to_checkpoint_.pop_back())
      if (const auto actor = actors_.find(to_checkpoint_.back()); actor != actors_.end())
        caf::anon_send(actor->second, Checkpoint{false});
  }
  ports_.committed();
}

void Node::Actors::stop() {
  {
    const std::unique_lock lock(mutex_);
    if (std::exchange(stopping_, true)) return;
  }
  {
    const std::shared_lock lock(mutex_);
    for (const auto& [role, actor] : actors_) caf::anon_send(actor, Checkpoint{true});
  }
  {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return actors_.empty(); });
  }
  caf::anon_send_exit(supervisor_, caf::exit_reason::user_shutdown);
  group_commit_.stop();
}

Node::Node(Ports ports) : actors_(std::make_unique<Actors>(std::move(ports))) {}
Node::~Node() { stop(); }

void Node::start(std::map<RoleId, ActiveRole> recovered, const Booted& booted) {
  actors_->start(std::move(recovered), booted);
}

void Node::deliver(RoleId to, TraceId trace, Cause cause, Input::Body body) {
  actors_->deliver(to, trace, cause, std::move(body));
}

std::size_t Node::waiting() const { return actors_->waiting(); }

void Node::with_journal(std::function<void(persistence::Journal&)> job) {
  actors_->group_commit().with_journal(std::move(job));
}

void Node::stop() { actors_->stop(); }

}  // namespace queenright::host
