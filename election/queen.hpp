#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "election/agreement/agreement.hpp"
#include "election/queen_state.hpp"
#include "election/spanning_tree.hpp"
#include "messages/role.hpp"

namespace queenright::election {

using messages::Effects;

/// Leads circuits and keeps their logs: one step over support, election, spanning tree and
/// agreement. What those want said to another queen goes out at the end of the step as one
/// envelope, and what promises something as a second one, which waits for the sync.
class Queen : public messages::Role {
 public:
  explicit Queen(Rules rules = {});
  explicit Queen(QueenState state, Rules rules = {});
  Queen(const Queen&) = delete;  // its parts refer to each other
  Queen& operator=(const Queen&) = delete;

  void step(messages::Input input, Effects& effects) override;
  std::optional<Instant> deadline() const override;
  std::string snapshot() const override;
  std::string text() const override;

  QueenState state() const;
  const Election& election() const { return election_; }
  const Support& support() const { return support_; }
  const SpanningTree& tree() const { return tree_; }
  const std::map<CircuitId, Replica>& replicas() const { return agreement_.replicas(); }

  /// A majority has not supported her for a while: nothing new is taken (DESIGN section 5).
  bool degraded() const;

 private:
  // queen.cpp: what comes in, and the end of a step
  void boot(const messages::Booted& booted);
  void letter(NodeId from, std::vector<messages::Item>& items);
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
  void demote(const messages::Demote& demotion);
  void end_supports();
  void wake();
  void finish();

  // queen_letters.cpp
  void say_hello(NodeId to);
  void send_letters();

  // queen_requests.cpp: commands and reads that come in here
  void submit(const Address& from, messages::Submit submit);
  std::optional<messages::Reply> refusal(const messages::Submit& submit, const Replica* replica);
  void forwarded(NodeId queen, Replica& replica, messages::Submit submit);
  void serve(Replica& replica, Request& request);
  void serve_again(Replica& replica);
  void expire_requests();
  void replied(messages::Reply reply);
  void answer(const Address& waiter, messages::Reply reply);
  void read(const Address& from, messages::Read read);
  void answered(messages::Answer answer);
  void answer_reader(const Address& from, messages::Answer answer);
  Instant current_at(const Replica& replica) const;

  // queen_circuits.cpp: what circuits made of commands, and want done
  void applied(const messages::Applied& applied);
  void settle(Replica& replica, const messages::AppliedEntry& entry);
  void tell(Replica& replica, const Key& key, const messages::AppliedEntry& entry);
  void release(Replica& replica, const EffectId& id, const CircuitEffect& effect);
  void issue_all(Replica& replica);
  void issue_again(Replica& replica);
  void acknowledged(const messages::SinkAck& ack);
  void confirm(Replica& replica, const EffectId& id);
  void quarantine(Replica& replica, const std::string& reason);
  void watch(const Address& from, CircuitId circuit);
  void publish(Replica& replica, const std::vector<messages::RunEvent>& events);
  void look_after(Replica& replica);
  void await_answers(Replica& replica);
  void end_if_finished(Replica& replica);
  void drop(CircuitId circuit);

  // queen_recovery.cpp: circuits that ended elsewhere, queens who lost their journals
  void fetch_ends();
  void checkpointed(const messages::Checkpointed& made);
  void tell_what_was_promised(const WantedAnswer& wanted);

  Replica& know(CircuitId circuit, bool opener = false);
  Replica& touched(Replica& replica);
  bool knows_all_circuits();
  bool may_act(const Replica& replica) const;
  void repeat(Replica& replica);
  std::optional<Instant> alarm(const Replica& replica) const;
  void complete(messages::Grant& grant);
  Address own_address() const { return {state_.node, messages::queen_role()}; }

  const Rules rules_;
  Letters letters_;
  Support support_;
  Election election_;
  SpanningTree tree_;
  Agreement agreement_;
  QueenState state_;             ///< what is not in those
  Alarms alarms_;                ///< derived from the replicas
  std::set<CircuitId> waiting_;  ///< with requests here; derived

  // Of the running step only.
  Effects* effects_ = nullptr;
  Instant now_;
  WallTime wall_;
  std::set<CircuitId> touched_;
  std::set<NodeId> greeted_;  ///< to be answered even if there is nothing to say
};

}  // namespace queenright::election
