#pragma once

#include <map>
#include <optional>
#include <vector>

#include "election/agreement/lead.hpp"
#include "messages/item.hpp"

namespace queenright::election {

using messages::Address;
using messages::CircuitId;

/// A command that came in by this queen and has no answer yet (A-R17).
struct Request {
  static constexpr auto name = "Request";
  messages::Submit submit;
  std::vector<Address> waiters;
  Instant ends;
  Instant forward_again;
  Ballot root;         ///< to whom it was handed last; empty: to nobody who may still have it
  bool handed_over{};  ///< it may be in a log: no refusal is definite any more
  bool elsewhere{};    ///< also in that of an earlier root, of which the last one may not know

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "submit", self.submit);
    visit(2, "waiters", self.waiters);
    visit(3, "ends", self.ends);
    visit(4, "forward_again", self.forward_again);
    visit(5, "root", self.root);
    visit(6, "handed_over", self.handed_over);
    visit(7, "elsewhere", self.elsewhere);
  }

  void hand_to(const Ballot& ballot);
};

/// What the root stamps on an entry; the same on every replica.
struct Stamp {
  Instant now;
  WallTime wall;
  std::uint64_t seed{};
  NodeId root;
};

/// One circuit at one queen. Durable is the log; all else is forgotten at boot.
struct Replica {
  static constexpr auto name = "Replica";
  CircuitId circuit;
  Log log;
  Lead lead;
  LogIndex delivered;                 ///< handed to the circuit's role, applied or not
  std::optional<Instant> repeat_at;   ///< when to say again what nobody answered
  Instant time_at;                    ///< on our clock, when the log got its last entry
  bool current{};                     ///< nothing is missing of what the root has told
  std::optional<Instant> current_at;  ///< on our clock, when she last told something, and so it was
  std::map<Key, Request> requests;
  std::map<NodeId, Ballot> fetchers;  ///< who wait for a suffix from a checkpoint
  bool checkpointing{};
  std::vector<Address> watchers;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "circuit", self.circuit);
    visit(2, "log", self.log);
    visit(3, "lead", self.lead);
    visit(4, "delivered", self.delivered);
    visit(5, "repeat_at", self.repeat_at);
    visit(6, "time_at", self.time_at);
    visit(7, "current_at", self.current_at);
    visit(8, "requests", self.requests);
    visit(9, "fetchers", self.fetchers);
    visit(10, "checkpointing", self.checkpointing);
    visit(11, "watchers", self.watchers);
    visit(12, "current", self.current);
  }

  void boot(Instant now);

  /// Puts the command into the log. Precondition: this queen leads.
  void append_command(messages::Submit submit, NodeId entry_queen, const Stamp& stamp);
  void append_time_passed(const Stamp& stamp);
  void append_own(EntryKind kind, const Stamp& stamp);

  /// Where `Lead::bytes` begins: at what is not settled yet. Precondition: she is to append.
  void weigh();

  /// Of the entries up to this one; where `Lead::bytes` begins, if that is later. Precondition:
  /// this queen appends.
  std::uint64_t bytes_up_to(LogIndex index) const;

  /// Of the entries whose outcome is open (A-R9). Precondition: this queen appends.
  std::uint64_t unsettled_bytes() const {
    return bytes_up_to(log.length) - bytes_up_to(log.settled);
  }

  /// A-R16: the answer that this key already has, if it has one; another command under a key
  /// that is in the log is refused.
  std::optional<messages::Reply> known_answer(const messages::Submit& submit) const;

  /// A command of this key has no answer yet, here or in the log of this root.
  bool under_way(const Key& key) const {
    return requests.contains(key) || lead.pending.contains(key);
  }

  /// The committed commands which the circuit's role has not got.
  std::optional<messages::Committed> next_delivery();

  Duration circuit_time(Instant now) const { return log.circuit_time() + (now - time_at); }
  bool leads() const { return lead.phase == Phase::lead; }
  bool appends() const { return lead.phase == Phase::opening || lead.phase == Phase::lead; }

 private:
  Entry stamped(EntryKind kind, const Stamp& stamp);
  LogIndex append(Entry entry);
};

}  // namespace queenright::election
