#include "actors/host/node.hpp"

#include <condition_variable>
#include <mutex>
#include <optional>
#include <set>
#include <shared_mutex>
#include <utility>

#include "actors/host/role_actor.hpp"
#include "persistence/replay.hpp"

namespace queenright::host {

using messages::ActorDown;
using messages::Booted;
using messages::Cause;
using messages::Effect;
using messages::Input;
using messages::RoleId;
using messages::RoleKind;
using messages::TraceId;
using persistence::ActiveRole;

/// The actors of the node: who they are, who watches them, and how an effect finds one.
class Node::Actors : public messages::Outlet {
 public:
  explicit Actors(Ports ports)
      : ports_(std::move(ports)),
        group_commit_(ports_.journal, *this, ports_.clock,
                      {ports_.journal_failed, [this] { checkpoint(false); }, ports_.committed}),
        workplace_{ports_.node, ports_.catalogue, group_commit_, *this, ports_.clock},
        system_(config_),
        supervisor_(system_.spawn([this](caf::event_based_actor* self) { supervise(self); })) {}

  void start(std::map<RoleId, ActiveRole> recovered, const Booted& booted);
  void deliver(RoleId to, TraceId trace, Cause cause, Input::Body body);
  void release(TraceId trace, Cause cause, Effect effect) override;
  void checkpoint(bool stop);
  void stop();

  GroupCommit& group_commit() { return group_commit_; }

 private:
  void supervise(caf::event_based_actor* self);
  caf::actor spawn(ActiveRole role);
  caf::actor find_or_spawn(RoleId role);
  void ended(const caf::down_msg& down);
  void restart(RoleId role);

  const Ports ports_;
  Booted booted_;
  GroupCommit group_commit_;
  const Workplace workplace_;
  caf::actor_system_config config_;
  caf::actor_system system_;
  caf::actor supervisor_;

  std::shared_mutex mutex_;  ///< guards what follows
  std::condition_variable_any changed_;
  std::map<RoleId, caf::actor> actors_;
  std::map<caf::actor_addr, RoleId> names_;
  std::set<RoleId> restarting_;  ///< told to end; start again when they have
  bool stopping_ = false;
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
  for (const auto id : {messages::supervisor_role(), messages::queen_role(),
                        messages::worker_role(), messages::circuit_role(messages::hive_circuit)})
    if (auto [place, fresh] = recovered.try_emplace(id); fresh)
      place->second = {id, ports_.catalogue.make(id), {}};
  // Circuits first: they must have booted before the queen speaks to them, and she before the
  // worker speaks to her.
  for (const auto kind :
       {RoleKind::circuit, RoleKind::supervisor, RoleKind::queen, RoleKind::worker})
    for (auto& [id, role] : recovered) {
      if (id.kind != kind) continue;
      caf::anon_send(spawn(std::move(role)), Delivery{{}, {}, booted_});
    }
}

caf::actor Node::Actors::spawn(ActiveRole role) {
  const RoleId id = role.id;
  auto actor = system_.spawn(
      [this, shared = std::make_shared<ActiveRole>(std::move(role))](caf::event_based_actor* self) {
        return role_actor(self, workplace_, shared);
      });
  const std::unique_lock lock(mutex_);
  actors_[id] = actor;
  names_[actor.address()] = id;
  caf::anon_send(supervisor_, WatchActor{actor});
  return actor;
}

caf::actor Node::Actors::find_or_spawn(RoleId role) {
  {
    const std::shared_lock lock(mutex_);
    const auto found = actors_.find(role);
    if (found != actors_.end()) return found->second;
    if (role.kind != RoleKind::circuit || stopping_ || restarting_.contains(role)) return {};
  }
  return spawn({role, ports_.catalogue.make(role), {}});
}

void Node::Actors::deliver(RoleId to, TraceId trace, Cause cause, Input::Body body) {
  if (const auto actor = find_or_spawn(to))
    caf::anon_send(actor, Delivery{trace, cause, std::move(body)});
}

void Node::Actors::release(TraceId trace, Cause cause, Effect effect) {
  if (auto* send = std::get_if<messages::Send>(&effect.body);
      send != nullptr && send->to.node == ports_.node && send->to.role.kind != RoleKind::client)
    return deliver(send->to.role, trace, cause,
                   messages::Envelope{cause.who, std::move(send->items)});
  if (const auto* retire = std::get_if<messages::Retire>(&effect.body))
    return deliver(retire->role, trace, cause, messages::Retired{});
  if (const auto* again = std::get_if<messages::Restart>(&effect.body)) {
    for (const auto role : again->roles) restart(role);
    return;
  }
  ports_.edges.release(trace, cause, std::move(effect));
}

/// Brings a role back; one that is still there is ended first.
void Node::Actors::restart(RoleId role) {
  {
    const std::unique_lock lock(mutex_);
    restarting_.insert(role);
    if (const auto found = actors_.find(role); found != actors_.end()) {
      caf::anon_send_exit(found->second, caf::exit_reason::user_shutdown);
      return;  // `ended` comes back here
    }
  }
  group_commit_.with_journal([this, role](persistence::Journal& journal) {
    const auto snapshots = journal.newest_snapshots();
    if (!snapshots) return ports_.journal_failed(snapshots.reason());
    auto rebuilt = persistence::rebuild_role(ports_.catalogue, journal, snapshots.value(), role,
                                             {journal.tail().last_position.value + 1});
    if (!rebuilt) return ports_.journal_failed(rebuilt.reason());
    auto actor = spawn(std::move(rebuilt).value());
    {
      const std::unique_lock lock(mutex_);
      restarting_.erase(role);
    }
    caf::anon_send(actor, Delivery{{}, {}, booted_});
  });
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
    expected = restarting_.contains(*role);
    changed_.notify_all();
  }
  if (expected) return restart(*role);
  if (down.reason)
    deliver(messages::supervisor_role(), {}, {}, ActorDown{*role, to_string(down.reason)});
}

void Node::Actors::checkpoint(bool stop) {
  const std::shared_lock lock(mutex_);
  for (const auto& [role, actor] : actors_) caf::anon_send(actor, Checkpoint{stop});
}

void Node::Actors::stop() {
  {
    const std::unique_lock lock(mutex_);
    if (std::exchange(stopping_, true)) return;
  }
  checkpoint(true);
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

void Node::with_journal(std::function<void(persistence::Journal&)> job) {
  actors_->group_commit().with_journal(std::move(job));
}

void Node::stop() { actors_->stop(); }

}  // namespace queenright::host
