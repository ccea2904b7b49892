#pragma once

#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "election/rules.hpp"
#include "messages/pair_item.hpp"
#include "messages/timing.hpp"

namespace queenright::election {

using messages::Contact;
using messages::Duration;
using messages::Hello;
using messages::HelloNumber;
using messages::Incarnation;
using messages::Instant;
using messages::NodeId;
using messages::Session;
using messages::SupportEpoch;
using messages::Timing;

/// This queen and one other: what each knows of the other, and for how long.
struct Pair {
  static constexpr auto name = "Pair";
  Session session;     ///< the newest of the other one; 0: never heard of her
  Incarnation exited;  ///< proven to be over, with all before it (R17)

  // Support that this queen gives.
  SupportEpoch epoch;
  std::optional<Instant> until;
  HelloNumber heard;
  HelloNumber extended_by;
  Instant heard_at;

  // Support that she gets.
  SupportEpoch got_epoch;
  Instant got_until;

  Instant echoed;  ///< when this queen sent the newest of her hellos that the other one heard
  HelloNumber last_sent;
  std::map<HelloNumber, Instant> sent;  ///< when; those that can still extend a lease
  Hello hello;                          ///< the other one's last, heard at `heard_at`

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "session", self.session);
    visit(2, "exited", self.exited);
    visit(3, "epoch", self.epoch);
    visit(4, "until", self.until);
    visit(5, "heard", self.heard);
    visit(6, "extended_by", self.extended_by);
    visit(7, "heard_at", self.heard_at);
    visit(8, "got_epoch", self.got_epoch);
    visit(9, "got_until", self.got_until);
    visit(10, "echoed", self.echoed);
    visit(11, "last_sent", self.last_sent);
    visit(12, "sent", self.sent);
    visit(13, "hello", self.hello);
  }
};

struct SupportState {
  static constexpr auto name = "SupportState";
  NodeId self;
  Session session;
  std::map<NodeId, Pair> pairs;
  messages::FlatMap<NodeId, Incarnation> incarnations;  ///< the highest heard of, also from others
  Timing timing;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "self", self.self);
    visit(2, "session", self.session);
    visit(3, "pairs", self.pairs);
    visit(4, "incarnations", self.incarnations);
    visit(5, "timing", self.timing);
  }
};

/// One lease a pair of queens, whatever the number of circuits: while a queen supports another
/// one, what she granted her holds. Time is what its caller says; it never goes back but at boot.
class Support {
 public:
  explicit Support(const Rules& rules, SupportState state = {})
      : rules_(rules), state_(std::move(state)) {}

  /// R15: nobody supports anybody.
  void boot(NodeId self, const std::vector<NodeId>& queens, Incarnation incarnation,
            const Timing& timing = messages::usual_timing);

  /// R11: everything that was granted to this queen is given up at once.
  void renew_session();

  /// R4. False when it was said in a session that is over: then nothing of it counts.
  bool hear(NodeId from, const Contact& contact, Instant now);

  /// R2. After `hear` of its contact.
  void hear(NodeId from, const Hello& hello, Instant now);

  /// R17: her lives up to this one are over; of a newer one, nothing changes.
  void exit_proven(NodeId other, Incarnation incarnation);
  void expire(Instant now);  ///< R3

  /// Those whose support ended since the last call.
  std::vector<NodeId> take_withdrawn() { return std::exchange(withdrawn_, {}); }

  Contact contact(NodeId to) const;

  /// R1: the next hello to `to`; the caller fills in what is not the pair's.
  Hello next_hello(NodeId to, Instant now);

  bool supports(NodeId other, Session session) const;

  /// Whoever spoke in that session does not any more: there is a newer one, or a proof of exit.
  bool is_over(NodeId other, Session session) const;
  SupportEpoch epoch_given(NodeId other) const { return pair(other).epoch; }

  bool supported_by(NodeId other, Instant now) const { return now < pair(other).got_until; }
  SupportEpoch epoch_got(NodeId other) const { return pair(other).got_epoch; }

  /// QC: supported by a majority, herself included.
  bool connected(Instant now) const;

  /// R5: a third queen has heard from `other` while this one did not.
  bool heard_by_others(NodeId other, Session session, Instant now) const;

  const Pair& pair(NodeId other) const { return state_.pairs.at(other); }
  bool knows(NodeId other) const { return state_.pairs.contains(other); }
  const SupportState& state() const { return state_; }
  const Timing& timing() const { return state_.timing; }
  std::size_t majority() const { return (state_.pairs.size() + 1) / 2 + 1; }
  std::optional<Instant> next_expiry() const;

 private:
  void withdraw(NodeId other, Pair& pair);
  void meet(NodeId other, Pair& pair, Session session);

  const Rules& rules_;
  SupportState state_;
  std::vector<NodeId> withdrawn_;
};

}  // namespace queenright::election
