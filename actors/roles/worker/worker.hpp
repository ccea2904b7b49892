#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "messages/role.hpp"

namespace queenright::roles {

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
  std::uint32_t slots{};
  std::uint64_t arrivals{};
  std::map<messages::CircuitId, Fence> fences;
  std::map<messages::AttemptId, LiveAttempt> attempts;
  std::map<messages::AttemptId, Unreported> outbox;
  std::optional<messages::Instant> repeat_at;  ///< when to say again what is in the outbox
  bool registered{};
  std::optional<messages::Drain> draining;
  std::vector<messages::CircuitId> held;  ///< nothing of these is started
  std::vector<messages::NodeId> queens;   ///< never empty once it has booted
  Asked enrolment;
  std::uint64_t dropped{};  ///< items from other nodes that are not for workers

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "node", self.node);
    visit(2, "incarnation", self.incarnation);
    visit(3, "slots", self.slots);
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
  }
};

/// Executes attempts: gives them slots, ends them at their time, and reports each result until
/// its circuit has taken it. Refuses what an older root says. What it reports goes to the root
/// that it knows first, then to one queen after the other: any of them passes it on.
class Worker : public messages::Role {
 public:
  Worker() = default;
  explicit Worker(WorkerState state);

  void step(messages::Input input, messages::Effects& effects) override;
  std::optional<messages::Instant> deadline() const override;
  std::string snapshot() const override;
  std::string text() const override;

 private:
  void boot(const messages::Booted& booted);
  void take(const messages::Address& from, messages::Item item);
  void accept(const messages::Address& queen, messages::SinkEffect effect);
  void perform(messages::CircuitEffect effect);
  void exited(messages::ChildExited exited);
  void answered(const messages::Address& queen, const messages::Reply& reply);
  void alarms();

  void start_queued();
  void start(const messages::AttemptId& id, LiveAttempt& attempt);
  void end(const messages::AttemptId& id, messages::AttemptEnd because);
  void sweep(messages::CircuitId circuit);
  void report(const messages::AttemptId& id, messages::AttemptOutcome outcome);
  void say(const messages::AttemptId& id, const Unreported& unreported);
  void say_to_root(messages::CircuitId circuit);
  void say_on_time();
  void enroll();
  messages::Key enrolment_key() const;
  messages::NodeId first_queen() const;
  void next_queen(Asked& asked) const;
  bool declined(const messages::Address& queen, Asked& asked) const;
  void set_deadline(const messages::AttemptId& id, LiveAttempt& attempt,
                    std::optional<messages::Instant> deadline);
  void forget(const messages::AttemptId& id);
  messages::AttemptOutcome outcome_of(messages::AttemptEnd end, std::string reason) const;

  WorkerState state_;

  // Derived from the state.
  std::map<std::uint64_t, messages::AttemptId> queue_;
  std::set<std::pair<messages::Instant, messages::AttemptId>> deadlines_;
  std::size_t running_ = 0;

  // Of the running step only.
  messages::Effects* effects_ = nullptr;
  messages::Instant now_;
  messages::WallTime wall_;
};

}  // namespace queenright::roles
