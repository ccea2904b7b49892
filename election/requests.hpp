#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>

#include "election/agreement/agreement.hpp"
#include "election/running_step.hpp"

namespace queenright::election {

/// Names a command in the whole hive.
struct CommandId {
  static constexpr auto name = "CommandId";
  CircuitId circuit;
  Key key;
  auto operator<=>(const CommandId&) const = default;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "circuit", self.circuit);
    visit(2, "key", self.key);
  }
};

/// Whose effect a proposal to another circuit is.
struct Proposal {
  static constexpr auto name = "Proposal";
  CircuitId circuit;
  EffectId effect;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "circuit", self.circuit);
    visit(2, "effect", self.effect);
  }
};

/// Who waits for a read, and until when.
struct Reader {
  static constexpr auto name = "Reader";
  Address from;
  Instant ends;
  CommandId read;  ///< as its client calls it
  bool stale{};    ///< any state will do

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "from", self.from);
    visit(2, "ends", self.ends);
    visit(3, "read", self.read);
    visit(4, "stale", self.stale);
  }
};

/// All volatile. Commands that wait are kept with the replica of their circuit.
struct RequestsState {
  std::string draining;  ///< why no new run is taken; empty: they are
  std::map<CommandId, Proposal> proposals;
  std::map<Key, Reader> readers;  ///< by a key of this queen's own: those of clients may coincide
  std::uint64_t reads{};          ///< so many got such a key
};

/// What was asked of this queen, by clients and workers, by other queens for theirs, and by her
/// own circuits: commands and reads on their way to the root and back (A-R16 to A-R19). Each is
/// answered when it is decided, at the latest when its time is over.
class Requests {
 public:
  Requests(Agreement& agreement, const Election& election, const Support& support, Letters& letters,
           const Rules& rules, RequestsState state = {});

  void begin_step(const RunningStep& step) { step_ = step; }
  void boot();

  /// Until the next boot.
  void drain(const std::string& reason) { state_.draining = reason; }

  void submit(const Address& from, messages::Submit wanted);
  void read(const Address& from, messages::Read wanted);  ///< A-R19

  /// A command that is an effect of a circuit here: confirmed when the command is decided.
  void propose(const Proposal& whose, messages::Submit wanted);

  /// This queen knows that the circuit is over, or that it never was.
  bool is_over(CircuitId circuit) const {
    return election_.forgotten(circuit) || (!agreement_.find(circuit) && knows_all_circuits());
  }

  /// A command that nobody waits for.
  void submit(messages::Submit wanted) { submit(own_address(), std::move(wanted)); }

  void take(messages::Reply reply);    ///< what the root says to a command that was forwarded
  void take(messages::Answer answer);  ///< from the circuit's replica here, or from its root

  /// Its root may be another one, or be there at last.
  void serve(Replica& replica);

  /// The circuit has made this of the command of that key.
  void settled(Replica& replica, const Key& key, const messages::AppliedEntry& made);
  void expire();                     ///< A-R18; every H/2
  void close_all(Replica& replica);  ///< its circuit is over

  const RequestsState& state() const { return state_; }

 private:
  std::optional<messages::Reply> refusal(const messages::Submit& wanted,
                                         const Replica* replica) const;
  std::optional<messages::Reply> not_now(const Address& from, const messages::Submit& wanted,
                                         const Replica& replica) const;
  void forwarded(NodeId queen, Replica& replica, messages::Submit wanted);
  void serve(Replica& replica, Request& request);
  void expire(Replica& replica);
  void close(Replica& replica, const Key& key, const messages::Reply& reply);
  void answer(const Address& waiter, messages::Reply reply);
  void answer(const Address& reader, messages::Answer answer);
  Instant current_at(const Replica& replica) const;
  bool knows_all_circuits() const;
  bool is_another_queen(const Address& who) const;
  Address own_address() const { return {support_.state().self, messages::queen_role()}; }

  Agreement& agreement_;
  const Election& election_;
  const Support& support_;
  Letters& letters_;
  const Rules& rules_;
  RequestsState state_;
  std::set<CircuitId> waiting_;  ///< with requests here; derived
  RunningStep step_;
};

}  // namespace queenright::election
