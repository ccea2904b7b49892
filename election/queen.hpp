#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "election/circuits.hpp"
#include "election/presence.hpp"
#include "election/queen_health.hpp"
#include "election/queen_state.hpp"
#include "election/spanning_tree.hpp"
#include "messages/role.hpp"

namespace queenright::election {

/// Leads circuits and keeps their logs: one step over support, election, spanning tree, presence,
/// agreement, requests, circuits and health, each of which knows only those before it. What they
/// want said to another queen goes out at the end of the step as one envelope, and what promises
/// something as a second one, which waits for the sync.
class Queen : public messages::Role {
 public:
  explicit Queen(Rules rules = {});
  explicit Queen(QueenState state, Rules rules = {});
  Queen(const Queen&) = delete;  // its parts refer to each other
  Queen& operator=(const Queen&) = delete;

  void step(messages::Input input, messages::Effects& effects) override;
  std::optional<Instant> deadline() const override;
  std::string snapshot() const override;
  std::string text() const override;

  QueenState state() const;
  const Election& election() const { return election_; }
  const Support& support() const { return support_; }
  const SpanningTree& tree() const { return tree_; }
  const std::map<CircuitId, Replica>& replicas() const { return agreement_.replicas(); }

 private:
  QueenView view() const;
  void boot(const messages::Booted& booted);
  void letter(NodeId from, std::vector<messages::Item>& items);
  void stop_superseded(NodeId told_by);
  void hear(NodeId from, const messages::Hello& hello);
  void hear(NodeId from, const messages::Claim& claim);
  void hear(NodeId from, const messages::Grant& grant);
  void hear(NodeId from, const messages::Ended& ended);
  void hear(NodeId from, const View& view);
  void hear(NodeId from, const messages::Append& append);
  void hear(NodeId from, const messages::Fetch& fetch);
  void hear(NodeId from, messages::Submit wanted);
  void hear(NodeId from, messages::Read wanted);
  void hear(NodeId from, messages::Reply reply);
  void hear(NodeId from, messages::Answer answer);
  template <class Said>
  void hear(NodeId from, const Said& said);
  void take_at_home(const Address& from, messages::Item& item);
  messages::Answer inspection(const messages::Inspect& wanted) const;
  void hear_worker(const Address& worker, const messages::WorkerHello& hello);
  bool leads_hive() const;
  void demote(const messages::Demote& demotion);
  void obey(const messages::Roster& roster);
  void offer_to_lead();
  void look_after_health();
  void end_supports();
  void wake();
  void finish();

  // queen_letters.cpp
  void say_hello(NodeId to);
  void send_letters();

  Address own_address() const { return {state_.node, messages::queen_role()}; }

  const Rules rules_;
  Letters letters_;
  Support support_;
  Election election_;
  SpanningTree tree_;
  Presence presence_;
  Agreement agreement_;
  Requests requests_;
  Circuits circuits_;
  QueenHealth health_;
  QueenState state_;  ///< what is not in those
  RunningStep step_;
};

}  // namespace queenright::election
