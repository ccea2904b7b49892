#pragma once

#include "election/agreement/agreement.hpp"
#include "election/presence.hpp"
#include "election/queen_health.hpp"
#include "election/requests.hpp"
#include "election/spanning_tree.hpp"

namespace queenright::election {

struct QueenState {
  static constexpr auto name = "QueenState";
  NodeId node;
  std::vector<NodeId> queens;  ///< of the hive, this one included
  std::string demoted;         ///< why she leads nothing; empty: she may
  bool drained{};              ///< as the hive circuit has it
  std::optional<Instant> next_hello;
  std::optional<Instant> next_tick;
  std::uint64_t
      dropped{};  ///< items and letters that were not for her, or of a session that is over
  SupportState support;
  ElectionState election;
  TreeState tree;
  AgreementState agreement;
  RequestsState requests;
  PresenceState presence;
  QueenHealthState health;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "node", self.node);
    visit(2, "queens", self.queens);
    visit(3, "draining", self.requests.draining);
    visit(4, "demoted", self.demoted);
    visit(6, "next_hello", self.next_hello);
    visit(7, "next_tick", self.next_tick);
    visit(8, "random", self.agreement.random);
    visit(9, "dropped", self.dropped);
    visit(10, "proposals", self.requests.proposals);
    visit(12, "support", self.support);
    visit(13, "election", self.election);
    visit(14, "tree", self.tree);
    visit(15, "replicas", self.agreement.replicas);
    visit(16, "snapshots", self.agreement.snapshots);
    visit(17, "readers", self.requests.readers);
    visit(18, "reads", self.requests.reads);
    visit(19, "presence", self.presence);
    visit(20, "drained", self.drained);
    visit(21, "health", self.health);
  }
};

/// The same where it is: with thousands of circuits a copy would take longer than a hello.
struct QueenView {
  static constexpr auto name = QueenState::name;
  const NodeId& node;
  const std::vector<NodeId>& queens;
  const std::string& demoted;
  const bool& drained;
  const std::optional<Instant>& next_hello;
  const std::optional<Instant>& next_tick;
  const std::uint64_t& dropped;
  const SupportState& support;
  const ElectionState& election;
  const TreeState& tree;
  const AgreementState& agreement;
  const RequestsState& requests;
  const PresenceState& presence;
  const QueenHealthState& health;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    QueenState::fields(self, visit);
  }
};

}  // namespace queenright::election
