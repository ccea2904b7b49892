#pragma once

#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "messages/replica_item.hpp"

namespace queenright::election {

using messages::Address;
using messages::Duration;
using messages::Instant;

/// A worker whom the hive circuit counts on.
struct Watched {
  static constexpr auto name = "Watched";
  messages::Session session;
  Duration lost_after{};
  Instant heard;    ///< or since when its silence counts
  bool proposed{};  ///< as lost, by this queen: from then on she answers it no more

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "session", self.session);
    visit(2, "lost_after", self.lost_after);
    visit(3, "heard", self.heard);
    visit(4, "proposed", self.proposed);
  }
};

struct PresenceState {
  static constexpr auto name = "PresenceState";
  messages::NodeId self;
  std::map<Address, Watched> watched;
  std::set<Address> lost;
  bool judges{};                   ///< she leads circuit 0
  std::optional<Instant> look_at;  ///< when to see who is silent

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "watched", self.watched);
    visit(2, "lost", self.lost);
    visit(3, "look_at", self.look_at);
    visit(4, "self", self.self);
    visit(5, "judges", self.judges);
  }
};

/// Which workers are there. The hive circuit says whom it expects; each queen remembers when she
/// heard them last; the acting root of circuit 0 proposes that silent ones are lost. A worker of
/// her own node is as alive as she is.
class Presence {
 public:
  explicit Presence(PresenceState state = {}) : state_(std::move(state)) {}

  /// Silence before now does not count: nobody could hear.
  void boot(messages::NodeId self, Instant now);
  void expect(const messages::Roster& expected, Instant now);

  /// Whether this session of the worker is expected; none: that is about to be decided.
  std::optional<bool> hear(const Address& worker, const messages::WorkerHello& hello, Instant now);

  /// She judges from now on, or no more.
  void judge(bool judges, Instant now);

  /// Those who have been silent for too long; the same again after a while.
  std::vector<messages::WorkerLost> silent(Instant now);
  std::optional<Instant> next_look() const { return state_.look_at; }

  /// Orders for it are not given: it is lost.
  bool is_lost(const Address& worker) const { return state_.lost.contains(worker); }

  const PresenceState& state() const { return state_; }

 private:
  void plan_look(Instant now);
  bool may_be_lost(const Address& worker) const { return worker.node != state_.self; }

  PresenceState state_;
};

}  // namespace queenright::election
