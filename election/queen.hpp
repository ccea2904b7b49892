#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "election/agreement/lead.hpp"
#include "election/alarms.hpp"
#include "messages/role.hpp"

namespace queenright::election {

/// Whose effect a proposal to another circuit is.
struct Proposal {
  static constexpr auto name = "Proposal";
  CircuitId circuit;
  EffectId effect;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "circuit", self.circuit);
    visit(2, "effect", self.effect);
  }
};

struct QueenState {
  static constexpr auto name = "QueenState";
  messages::NodeId node;
  std::vector<messages::NodeId> queens;  ///< of the hive, this one included
  std::uint64_t random{};                ///< the next seed; from Booted
  std::string draining;                  ///< why no new run is taken; empty: they are
  CircuitId highest;                     ///< circuits up to here exist or have existed
  std::map<CircuitId, Replica> replicas;
  std::map<Key, Proposal> proposals;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "node", self.node);
    visit(2, "queens", self.queens);
    visit(3, "random", self.random);
    visit(4, "draining", self.draining);
    visit(5, "highest", self.highest);
    visit(6, "replicas", self.replicas);
    visit(7, "proposals", self.proposals);
  }
};

/// Leads circuits and keeps their logs: one step over election and agreement. This version
/// elects among one queen, with the messages that several will use.
class Queen : public messages::Role {
 public:
  Queen() = default;
  explicit Queen(QueenState state);

  void step(messages::Input input, Effects& effects) override;
  std::optional<Instant> deadline() const override;
  std::string snapshot() const override;
  std::string text() const override;

 private:
  void boot(const messages::Booted& booted);
  void take(const Address& from, messages::Item item);
  void submit(const Address& from, messages::Submit submit);
  void admit(Replica& replica, const Address& from, messages::Submit submit);
  void self_synced(const messages::Self& self);
  void applied(const messages::Applied& applied);
  void settle(Replica& replica, const messages::AppliedEntry& entry);
  void quarantine(Replica& replica, const std::string& reason);
  void acknowledged(const messages::SinkAck& ack);
  void watch(const Address& from, CircuitId circuit);
  void wake();

  void open(CircuitId circuit);
  void release(Replica& replica, const EffectId& id, const CircuitEffect& effect);
  void repeat(Replica& replica);
  void confirm(Replica& replica, const EffectId& id);
  void answer(const Address& waiter, messages::Reply reply);
  void publish(Replica& replica, const std::vector<messages::RunEvent>& events);
  void conclude(CircuitId circuit);
  void close(Replica& replica);

  Replica* find(CircuitId circuit);
  Replica& touched(Replica& replica);
  bool knows_all_circuits();
  Stamp stamp();
  Address own_address() const { return {state_.node, messages::queen_role()}; }

  QueenState state_;

  // Of the running step only.
  Effects* effects_ = nullptr;
  Instant now_;
  WallTime wall_;
  std::set<CircuitId> touched_;

  Alarms alarms_;  ///< derived from the replicas
};

}  // namespace queenright::election
