#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "election/agreement/replica.hpp"
#include "election/election.hpp"

namespace queenright::election {

/// What was agreed: the replicated log of every circuit (AGREEMENT section 4), over the election
/// that says who may append. Pure moves on its replicas; what it wants said goes into letters.
class Agreement {
 public:
  Agreement(Election& election, const Support& support, Letters& letters, const Rules& rules)
      : election_(election), support_(support), letters_(letters), rules_(rules) {}

  /// What a replay has rebuilt; before `boot`.
  void restore(std::map<CircuitId, Replica> replicas, std::uint64_t random);

  void begin_step(Instant now, WallTime wall) {
    now_ = now;
    wall_ = wall;
  }
  void boot(std::uint64_t seed);

  Replica& open(CircuitId circuit);
  void forget(CircuitId circuit);
  Replica* find(CircuitId circuit);
  Replica& touch(Replica& replica);
  const std::map<CircuitId, Replica>& replicas() const { return replicas_; }
  std::uint64_t randomness() const { return random_; }

  // leading.cpp: the root
  void granted(NodeId from, const messages::Grant& grant);  ///< A-R2; before the election counts
  void elected(CircuitId circuit);                          ///< A-R2 to A-R4
  void deposed(CircuitId circuit);
  void take(NodeId from, const messages::Appended& appended);
  void take(NodeId from, const messages::AppendRefused& refused);
  void synced(const messages::Self& self);  ///< A-R7: her own log counts, too
  void append(Replica& replica, messages::Submit submit, NodeId entry_queen);
  void append_own(Replica& replica, EntryKind kind);
  void append_time_passed(Replica& replica);
  void tell_commit(Replica& replica, NodeId standby);       ///< with this step: she waits for it
  void leave(Replica& replica, const std::string& reason);  ///< A-R12
  bool closable(const Replica& replica) const;              ///< A-R13
  void close(Replica& replica);                             ///< Precondition: it is closable
  void tick();                                              ///< every H/2: A-R3, A-R8, A-R12

  // following.cpp: the standby, and whoever is asked for what she has
  void take(NodeId from, const messages::Append& append);
  void take(NodeId from, const messages::Fetch& fetch);
  void take(NodeId from, const messages::Suffix& suffix);
  /// The snapshot that was asked for; none when it is of another moment, or nobody waits.
  std::optional<LogSnapshot> take(const messages::Checkpointed& made);
  void ask_for_checkpoint(Replica& replica);
  void recover(Replica& replica, const messages::Suffix& log);  ///< A-R14

  /// At the end of a step: ships, delivers and announces what the touched circuits have. Gives
  /// which those were.
  std::set<CircuitId> conclude();

  /// Circuits that this queen leads since the last call: their effects are to be issued.
  std::vector<CircuitId> take_begun() { return std::exchange(begun_, {}); }

  /// Of the entries that this queen appends.
  Stamp stamp();

 private:
  // leading.cpp
  void adopt_best(Replica& replica);
  void open_epoch(Replica& replica);
  void start(Replica& replica, NodeId peer);
  void count(Replica& replica);
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
  bool splice(Replica& replica, const LogVector& theirs, LogIndex base,
              const std::vector<Entry>& entries, const std::optional<LogSnapshot>& snapshot);
  void install(Replica& replica, const LogSnapshot& snapshot);
  void send_suffix(Replica& replica, NodeId to, const Ballot& ballot, LogIndex base,
                   std::optional<LogSnapshot> snapshot);
  void acknowledge();

  std::size_t kept() const;
  NodeId self() const { return support_.state().self; }

  Election& election_;
  const Support& support_;
  Letters& letters_;
  const Rules& rules_;

  std::map<CircuitId, Replica> replicas_;
  std::uint64_t random_ = 0;
  std::set<CircuitId> unfinished_;  ///< led here, and somebody is behind

  // Of the running step only.
  Instant now_;
  WallTime wall_;
  std::set<CircuitId> touched_;
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
