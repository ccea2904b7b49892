#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "election/agreement/replica.hpp"
#include "election/election.hpp"
#include "election/presence.hpp"

namespace queenright::election {

struct AgreementState {
  std::map<CircuitId, Replica> replicas;
  std::uint64_t random{};
  std::map<CircuitId, LogSnapshot> snapshots;  ///< for a queen who lost her journal (A-R14)
};

/// What was agreed: the replicated log of every circuit (AGREEMENT section 4), over the election
/// that says who may append. Pure moves on its replicas; what it wants said goes into letters.
class Agreement {
 public:
  Agreement(Election& election, const Support& support, Letters& letters, const Presence& presence,
            const Rules& rules, AgreementState state = {});

  void begin_step(Instant now, WallTime wall) {
    now_ = now;
    wall_ = wall;
  }
  void boot(std::uint64_t seed);

  /// A circuit that somebody spoke of exists: it is known to the election, too, from now on.
  Replica& open(CircuitId circuit);
  void open(const messages::OpenCircuit& opened);  ///< R5: its opener claims it at once
  void forget(CircuitId circuit);
  Replica* find(CircuitId circuit);
  const AgreementState& state() const { return state_; }
  const std::map<CircuitId, Replica>& replicas() const { return state_.replicas; }

  /// Its log is to be seen to at the end of this step (`conclude`).
  Replica& touch(Replica& replica);

  /// The circuit is to be looked after then, though nothing of its log has changed.
  Replica& revisit(Replica& replica);

  /// She leads it, and a majority's leases hold.
  bool acting(const Replica& replica) const {
    return replica.leads() && election_.acting(replica.circuit);
  }

  /// Says to the circuit's role again what it has not answered.
  void deliver_again(Replica& replica);

  /// At the end of a step: ships, delivers and announces what the touched logs have. Gives the
  /// circuits that are to be looked after: those, and the revisited ones.
  std::set<CircuitId> conclude();

  // leading.cpp: the root
  void granted(NodeId from, const messages::Grant& grant);  ///< A-R2; before the election counts
  void elected(CircuitId circuit);                          ///< A-R2 to A-R4
  void deposed(CircuitId circuit);

  /// How many circuits she has won, and does not lead yet.
  std::size_t opening() const { return opening_.size(); }

  /// Circuits that this queen leads since the last call: their effects are to be issued.
  std::vector<CircuitId> take_begun() { return std::exchange(begun_, {}); }

  void take(NodeId from, const messages::Appended& appended);
  void take(NodeId from, const messages::AppendRefused& refused);
  void take(const messages::Self& own);  ///< A-R7: her own log counts, too
  void append(Replica& replica, messages::Submit submit, NodeId entry_queen);
  void append_own(Replica& replica, EntryKind kind);
  void append_time_passed(Replica& replica);
  void take(const messages::SinkAck& ack);                  ///< A-R20
  void confirm(CircuitId circuit, const EffectId& effect);  ///< the next CONF says so
  void tell_commit(Replica& replica, NodeId standby);       ///< with this step: she waits for it
  void leave(Replica& replica, const std::string& reason);  ///< A-R12
  void tick();                                              ///< every H/2: A-R3, A-R8, A-R12

  // following.cpp: the standby, and whoever is asked for what she has
  void take(NodeId from, const messages::Append& append);
  void take(NodeId from, const messages::Fetch& fetch);
  void take(NodeId from, const messages::Suffix& suffix);
  void take(const messages::Checkpointed& made);

  /// A-R2: adds her log as it is; at the end of the step that promised.
  void complete(messages::Grant& grant) const;

  // closing.cpp
  void end_if_finished(Replica& replica);  ///< A-R13; at the end of a step

  // recovery.cpp: A-R14
  void recover(const messages::Suffix& log);  ///< the best that others have

  /// At the end of a step. Where entries were dropped, their circuits are asked for a checkpoint
  /// first: gives which, and nothing is said, the other queen asks again with her next hello.
  std::vector<CircuitId> tell_what_was_promised(const WantedAnswer& wanted);

 private:
  // leading.cpp
  void adopt_best(Replica& replica);
  void open_epoch(Replica& replica);
  void start_shipping(Replica& replica, NodeId peer);
  void advance_commit(Replica& replica);
  void ship(Replica& replica);
  void ship_to(Replica& replica, NodeId to, Peer& peer);
  void send_sync(const Replica& replica, NodeId to, Peer& peer, LogIndex base,
                 std::optional<LogSnapshot> snapshot);
  void send_entries(const Replica& replica, NodeId to, Peer& peer);
  bool is_current(NodeId queen, const Peer& peer) const;
  void give_up_pending(Replica& replica, LogIndex above);
  bool may_succeed(NodeId queen) const;
  void leave_if_unwilling();
  void try_to_leave(Replica& replica);
  bool keep_up(Replica& replica);

  // following.cpp
  bool take_sync(Replica& replica, const messages::Append& append);
  bool take_entries(Replica& replica, const messages::Append& append);
  void learn_commit(Replica& replica, LogIndex commit);
  bool splice(Replica& replica, const LogVector& theirs, LogIndex base,
              const std::vector<Entry>& entries, const std::optional<LogSnapshot>& snapshot);
  void install(Replica& replica, const LogSnapshot& snapshot);
  void send_suffix(Replica& replica, NodeId to, const Ballot& ballot, LogIndex base,
                   std::optional<LogSnapshot> snapshot);
  void ask_for_checkpoint(Replica& replica);
  void hand_out(Replica& replica, LogSnapshot snapshot);
  void note(NodeId root, const messages::Append& append, bool gap);
  void acknowledge();

  // closing.cpp
  bool closable(const Replica& replica) const;
  bool nothing_is_open(const Log& log) const;
  void fetch_ends();
  void take_end(Replica& replica, const messages::Suffix& suffix);

  // recovery.cpp
  void adopt(Replica& replica, const messages::Suffix& log);
  messages::Suffix whole_log(CircuitId circuit) const;

  Replica& open(CircuitId circuit, bool opener);
  void announce(Replica& replica);
  Stamp stamp();
  std::size_t kept() const;
  NodeId self() const { return support_.state().self; }

  Election& election_;
  const Support& support_;
  Letters& letters_;
  const Presence& presence_;
  const Rules& rules_;

  AgreementState state_;
  std::set<CircuitId> unfinished_;  ///< led here, and somebody is behind; derived
  std::set<CircuitId> opening_;     ///< won, and not led yet; derived

  // Of the running step only.
  Instant now_;
  WallTime wall_;
  std::set<CircuitId> touched_;
  std::set<CircuitId> revisited_;
  std::vector<CircuitId> begun_;
  struct Acknowledgement {
    NodeId root;
    Ballot ballot;
    bool gap{};
    bool promises{};  ///< something about her log, not only that she heard
  };
  std::map<CircuitId, Acknowledgement> acknowledgements_;
};

}  // namespace queenright::election
