#pragma once

#include <map>
#include <optional>
#include <vector>

#include "election/circuit_set.hpp"
#include "messages/recovery_item.hpp"
#include "messages/timing.hpp"

namespace queenright::election {

using messages::Epoch;
using messages::Instant;
using messages::NodeId;
using messages::Session;
using messages::Suffix;

/// What another queen has said of all circuits, since she was asked.
struct SyncAnswer {
  static constexpr auto name = "SyncAnswer";
  std::map<CircuitId, messages::SyncReply> replies;
  bool whole{};
  CircuitId highest;  ///< circuits up to here which are not among the replies are forgotten
  Instant heard_at;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "replies", self.replies);
    visit(2, "whole", self.whole);
    visit(3, "highest", self.highest);
    visit(4, "heard_at", self.heard_at);
  }
};

struct AmnesiaState {
  static constexpr auto name = "AmnesiaState";
  bool lost{};                       ///< durable: this queen does not know what she promised
  std::optional<Instant> asks_from;  ///< whom she supported before has noticed by then
  std::optional<Instant> votes_from;
  std::map<NodeId, SyncAnswer> answers;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "lost", self.lost);
    visit(2, "asks_from", self.asks_from);
    visit(3, "votes_from", self.votes_from);
    visit(4, "answers", self.answers);
  }
};

/// What several whole answers say together.
struct Recovered {
  std::map<CircuitId, Epoch> floors;
  std::vector<Suffix> logs;  ///< the best of each circuit (A-R14)
  CircuitSet forgotten;
};

/// A queen who lost her journal does not vote before a majority of other voting queens has told
/// her what she may have promised (R14). Moves on the state
/// and by the timing given, which outlive it.
class Amnesia {
 public:
  Amnesia(AmnesiaState& state, const messages::Timing& timing) : state_(state), timing_(timing) {}

  void boot(Instant now);
  void lose(Instant now);  ///< after `boot`: the journal is gone

  bool voting(Instant now) const;
  bool wants(NodeId queen, Instant now) const;  ///< she is to be asked, at this hello

  /// An answer is whole when the replies between one end and the next are as many as it says:
  /// the other queen gives it in one envelope. `session`: the present one of this queen.
  void take(NodeId from, const messages::SyncReply& reply, Session session, Instant now);
  void take(NodeId from, const messages::SyncEnd& end, Session session, Instant now);

  /// Once so many have answered wholly; the caller makes it durable and votes again after a
  /// grace of one lease.
  std::optional<Recovered> complete(std::size_t needed, Instant now);

 private:
  AmnesiaState& state_;
  const messages::Timing& timing_;
};

}  // namespace queenright::election
