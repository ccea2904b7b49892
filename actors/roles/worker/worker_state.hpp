#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "messages/input.hpp"

/// What a worker remembers.
namespace queenright::roles {

/// How often what nobody answered is said again.
inline constexpr messages::Duration repeat_after = std::chrono::seconds{2};

/// Children that may wait for a slot; beyond that a worker declines.
inline std::size_t queued_at_most(const messages::WorkerOffer& offer) {
  return 256 + std::size_t{4} * offer.slots;
}

enum class AttemptPhase : std::uint8_t {
  queued,   ///< waits for a slot; nothing of it has begun
  running,  ///< its child may have been forked
  ending,   ///< told to end (TERM); KILL follows
  killed    ///< told to end now
};
constexpr AttemptPhase last_enumerator(AttemptPhase) { return AttemptPhase::killed; }

struct LiveAttempt {
  static constexpr auto name = "LiveAttempt";
  std::uint64_t arrival{};  ///< the order in which slots are given
  messages::Work work;
  messages::Duration timeout{};
  AttemptPhase phase{};
  messages::AttemptEnd because{};             ///< of the ending: timed out or cancelled
  std::optional<messages::Instant> deadline;  ///< of the phase

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "arrival", self.arrival);
    visit(2, "work", self.work);
    visit(3, "timeout", self.timeout);
    visit(4, "phase", self.phase);
    visit(5, "because", self.because);
    visit(6, "deadline", self.deadline);
  }
};

/// To whom something was said that any queen passes on: to one after the other, until it is
/// answered for good.
struct Asked {
  static constexpr auto name = "Asked";
  messages::NodeId queen;  ///< the last one
  std::uint32_t tried{};   ///< how many, since it was said on time

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "queen", self.queen);
    visit(2, "tried", self.tried);
  }
};

/// A result that its circuit has not taken yet.
struct Unreported {
  static constexpr auto name = "Unreported";
  messages::AttemptOutcome outcome;
  Asked asked;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(2, "outcome", self.outcome);
    visit(3, "asked", self.asked);
  }
};

/// What a sink remembers of a circuit (A-R20).
struct Fence {
  static constexpr auto name = "Fence";
  messages::Epoch epoch;  ///< the highest seen; effects of a lower one are refused
  bool over{};            ///< swept: nothing of it is started any more
  std::set<messages::EffectId> seen;
  messages::NodeId root;  ///< who said the last one under that epoch

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "epoch", self.epoch);
    visit(2, "over", self.over);
    visit(3, "seen", self.seen);
    visit(4, "root", self.root);
  }
};

struct WorkerState {
  static constexpr auto name = "WorkerState";
  messages::NodeId node;
  messages::Incarnation incarnation;
  std::uint64_t arrivals{};
  std::map<messages::CircuitId, Fence> fences;
  std::map<messages::AttemptId, LiveAttempt> attempts;
  std::map<messages::AttemptId, Unreported> outbox;
  std::optional<messages::Instant> repeat_at;  ///< when to say again what is in the outbox
  bool registered{};
  std::optional<messages::Drain> draining;
  std::vector<messages::CircuitId> held;  ///< nothing of these is started
  bool waits{};                           ///< nor of any other
  std::vector<messages::NodeId> queens;   ///< never empty once it has booted
  Asked enrolment;
  std::uint64_t dropped{};  ///< items from other nodes that are not for workers
  messages::WorkerOffer offer;
  messages::Session session;      ///< a new one at each boot, and when the hive has lost it
  messages::Session remembers;    ///< the first one that it has a record of
  messages::Instant enrolled_at;  ///< when this session was offered first
  std::optional<messages::Instant> contact;   ///< the hive has heard what was said then
  std::string refused;                        ///< why this session was not registered, for good
  std::optional<messages::Instant> hello_at;  ///< the next one; none before it is registered

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "node", self.node);
    visit(2, "incarnation", self.incarnation);
    visit(4, "arrivals", self.arrivals);
    visit(5, "fences", self.fences);
    visit(6, "attempts", self.attempts);
    visit(7, "outbox", self.outbox);
    visit(8, "repeat_at", self.repeat_at);
    visit(9, "registered", self.registered);
    visit(10, "draining", self.draining);
    visit(11, "held", self.held);
    visit(12, "queens", self.queens);
    visit(13, "enrolment", self.enrolment);
    visit(14, "dropped", self.dropped);
    visit(15, "offer", self.offer);
    visit(16, "session", self.session);
    visit(17, "remembers", self.remembers);
    visit(18, "enrolled_at", self.enrolled_at);
    visit(19, "contact", self.contact);
    visit(20, "hello_at", self.hello_at);
    visit(21, "refused", self.refused);
    visit(22, "waits", self.waits);
  }
};

}  // namespace queenright::roles
