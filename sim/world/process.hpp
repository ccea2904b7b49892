#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "persistence/role_life.hpp"
#include "persistence/routing.hpp"
#include "persistence/turn.hpp"
#include "sim/world/clock.hpp"
#include "sim/world/sequencer.hpp"

namespace queenright::sim {

/// One life of a node: its roles and their turns, from recovery to crash. The roles of one node
/// speak to each other without delay, one input after the other.
class Process : private messages::Outlet, private persistence::TurnWatcher {
 public:
  struct Ports {
    messages::NodeId node;
    const messages::Catalogue& catalogue;
    const Clock& clock;
    const election::Rules& rules;
    Disk& disk;
    std::uint64_t checkpoint_bytes;
    /// Calls back while this process lives and is not paused; else later, or never.
    std::function<void(messages::Instant, std::function<void()>)> at;
    std::function<void(messages::TraceId, const messages::Cause&, messages::Effect)> leaves;
    std::function<void(const persistence::TakenTurn&, messages::Position)> taken;
    std::function<void(messages::Position)> synced;
    std::function<void(const std::string&)> failed;  ///< end the process
  };

  Process(Ports ports, std::unique_ptr<persistence::Journal> journal,
          std::map<messages::RoleId, persistence::ActiveRole> recovered, messages::Booted booted);

  void deliver(messages::RoleId to, messages::TraceId trace, messages::Cause cause,
               messages::Input::Body body);
  void clock_changed();  ///< its rate: deadlines come at other times now

  /// Ends it, as Sequencer::crash says.
  void crash(std::uint32_t kept_permille);

  const messages::Role* role(messages::RoleId role) const;
  std::vector<messages::RoleId> roles() const;

 private:
  struct Delivery {
    messages::RoleId to;
    messages::TraceId trace;
    messages::Cause cause;
    messages::Input::Body body;
  };

  void release(messages::TraceId trace, messages::Cause cause, messages::Effect effect) override;
  void taken(const persistence::TakenTurn& turn) override;

  void take_next();
  persistence::RoleLife* find_or_make(messages::RoleId role);
  void take(messages::RoleId id, messages::TraceId trace, messages::Cause cause,
            messages::Input::Body body);
  void follow(persistence::Route route, messages::TraceId trace, const messages::Cause& cause);
  void fell(messages::RoleId role, const std::string& reason);
  void bring_back(messages::RoleId role);
  void schedule(messages::RoleId id, persistence::RoleLife& life);
  void tick(messages::RoleId id, messages::Instant awaited);
  void checkpoint_when_due();

  const Ports ports_;
  const std::unique_ptr<persistence::Journal> journal_;
  messages::Booted booted_;
  Sequencer sequencer_;
  persistence::Turn turn_;
  std::map<messages::RoleId, persistence::RoleLife> residents_;
  std::set<messages::RoleId> away_;  ///< on their way back from snapshot and journal
  std::deque<Delivery> mailbox_;
  std::uint64_t checkpoint_at_;  ///< bytes of journal
  bool over_ = false;
};

}  // namespace queenright::sim
