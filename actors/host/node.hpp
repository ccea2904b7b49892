#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "messages/clock.hpp"
#include "messages/inbox.hpp"
#include "messages/outlet.hpp"
#include "persistence/active_role.hpp"
#include "persistence/journal.hpp"

namespace queenright::host {

/// One node of a hive: its roles as CAF actors under one supervision tree, over one journal.
/// Inputs come in by `deliver`; what leaves the node goes to the outlet it was given.
class Node : public messages::Inbox {
 public:
  struct Ports {
    messages::NodeId node;
    const messages::Catalogue& catalogue;
    persistence::Journal& journal;
    messages::Outlet& edges;  ///< gets every effect that is not for an actor of this node
    const messages::Clock& clock;
    /// The journal has failed: end the process. Called on the journal's thread.
    std::function<void(const std::string& reason)> journal_failed;
    /// After each sync, on the journal's thread.
    std::function<void()> committed;
  };

  /// Everything in `ports` must outlive it.
  explicit Node(Ports ports);
  ~Node() override;
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;

  /// Starts the recovered roles, and those that every node has; `booted` is the first input of
  /// each.
  void start(std::map<messages::RoleId, persistence::ActiveRole> recovered,
             const messages::Booted& booted);

  /// Any thread. For a role that is not there: a circuit is made, others miss it.
  void deliver(messages::RoleId to, messages::TraceId trace, messages::Cause cause,
               messages::Input::Body body) override;
  std::size_t waiting() const override;

  /// Runs `job` on the journal's thread once everything before is synced.
  void with_journal(std::function<void(persistence::Journal&)> job);

  /// Snapshots every role and ends its actor; everything is synced when it returns.
  void stop();

 private:
  class Actors;
  std::unique_ptr<Actors> actors_;
};

}  // namespace queenright::host
