#pragma once

#include <map>
#include <optional>
#include <set>
#include <vector>

#include "election/agreement/log.hpp"
#include "messages/effect.hpp"
#include "messages/item.hpp"

namespace queenright::election {

using messages::Address;
using messages::CircuitId;
using messages::Effects;
using messages::Instant;

/// How far a queen has come towards leading a circuit.
enum class Phase : std::uint8_t {
  follow,
  candidate,  ///< has promised itself a new epoch and waits for the majority
  opening,    ///< elected; the epoch's OPEN is not committed yet (A-R4)
  lead
};
constexpr Phase last_enumerator(Phase) { return Phase::lead; }

/// A keyed command on its way through the log, and who waits for its answer.
struct Pending {
  static constexpr auto name = "Pending";
  LogIndex index;
  std::vector<Address> waiters;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "index", self.index);
    visit(2, "waiters", self.waiters);
  }
};

/// A command that came before the circuit had a leader here (A-R17).
struct Parked {
  static constexpr auto name = "Parked";
  Address from;
  messages::Submit submit;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "from", self.from);
    visit(2, "submit", self.submit);
  }
};

/// The volatile side of a root (AGREEMENT section 2): forgotten at boot, but for the deadline.
struct Lead {
  static constexpr auto name = "Lead";
  Phase phase{};
  LogIndex opened;     ///< the OPEN of this epoch
  LogIndex announced;  ///< a Self for this length is on its way
  LogIndex delivered;  ///< handed to the circuit, applied or not
  Instant time_at;     ///< on our clock, when the circuit's time was `Log::circuit_time`
  std::map<Key, Pending> pending;
  std::vector<Parked> parked;
  std::set<EffectId> confirmed;       ///< held by their sinks; the next CONF says so
  std::optional<Instant> confirm_at;  ///< when it does
  std::optional<Instant> repeat_at;   ///< when to say again what nobody answered
  std::optional<Duration> deadline;   ///< of the circuit, in circuit time
  std::vector<Address> watchers;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "phase", self.phase);
    visit(2, "opened", self.opened);
    visit(3, "announced", self.announced);
    visit(4, "delivered", self.delivered);
    visit(5, "time_at", self.time_at);
    visit(6, "pending", self.pending);
    visit(7, "parked", self.parked);
    visit(8, "confirmed", self.confirmed);
    visit(9, "confirm_at", self.confirm_at);
    visit(10, "repeat_at", self.repeat_at);
    visit(11, "deadline", self.deadline);
    visit(12, "watchers", self.watchers);
  }
};

/// What the root stamps on an entry; the same on every replica.
struct Stamp {
  Instant now;
  WallTime wall;
  std::uint64_t seed{};
  messages::NodeId root;
};

/// One circuit at one queen.
struct Replica {
  static constexpr auto name = "Replica";
  CircuitId circuit;
  Log log;
  Lead lead;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "circuit", self.circuit);
    visit(2, "log", self.log);
    visit(3, "lead", self.lead);
  }

  /// Forgets what a boot forgets; what was handed out and not answered is handed out again.
  void boot(Instant now);

  /// R5: promises itself the next epoch. The vote counts when its Self comes back.
  void claim();

  /// A Self has come back: everything up to `length` is synced here in `epoch`. True when that
  /// made this queen the leader: its effects are to be issued again (A-R20).
  bool count_self(const messages::Self& self, const Stamp& stamp);

  /// Puts the command into the log; `waiter` will be answered when it is applied.
  void append_command(messages::Submit submit, const Address& waiter, const Stamp& stamp);
  void append_time_passed(const Stamp& stamp);
  void append_own(EntryKind kind, const Stamp& stamp);

  /// A-R16: the answer that this key already has, if it has one; another command under a key
  /// that is in the log is refused.
  std::optional<messages::Reply> known_answer(const messages::Submit& submit) const;

  /// Whether the same key is in the log already; then `waiter` waits with the others.
  bool join(const messages::Submit& submit, const Address& waiter);

  /// Keeps a command until this queen leads the circuit; once, however often it is said.
  void park(const Address& from, messages::Submit submit);

  /// Hands committed commands to the circuit's role.
  void deliver(const Address& circuit_role, Effects& effects);

  /// When this replica next wants to be looked at.
  std::optional<Instant> alarm() const;

  Duration circuit_time(Instant now) const { return log.circuit_time + (now - lead.time_at); }
  bool leads() const { return lead.phase == Phase::lead; }

 private:
  Entry stamped(EntryKind kind, const Stamp& stamp);
};

}  // namespace queenright::election
