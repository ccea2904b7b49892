#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "messages/role.hpp"

namespace queenright::roles {

/// Of one replica alone: how far it is, and what its queen has not taken in yet. No part of what
/// was agreed.
struct Progress {
  static constexpr auto name = "Progress";
  messages::LogIndex applied;
  std::map<messages::LogIndex, messages::AppliedEntry> unsettled;
  messages::NodeId node;    ///< its own, once its queen has spoken; 0: not yet
  std::uint64_t dropped{};  ///< items from other nodes: a circuit hears its own queen only

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "applied", self.applied);
    visit(2, "unsettled", self.unsettled);
    visit(3, "node", self.node);
    visit(4, "dropped", self.dropped);
  }
};

/// What was agreed: the same bytes on every queen that has applied the same entries (A1).
struct ReplicaState {
  static constexpr auto name = "ReplicaState";
  std::string state;        ///< of the circuit; empty: as it was before the first command
  std::string quarantined;  ///< why the circuit can't go on; then it has no state

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "state", self.state);
    visit(2, "quarantined", self.quarantined);
  }
};

struct ReplicaSnapshot {
  static constexpr auto name = "ReplicaSnapshot";
  Progress progress;
  ReplicaState replica;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "progress", self.progress);
    visit(2, "replica", self.replica);
  }
};

/// What all circuits have in common: they change on Committed and Restore only, apply each entry
/// once, and say again what they made of it until their queen has taken it in. One that is
/// quarantined refuses every command with the reason and wants no more, for ever.
class ReplicatedRole : public messages::Role {
 public:
  static constexpr char snapshot_mark = 'R';  ///< begins each snapshot

  void step(messages::Input input, messages::Effects& effects) final;
  std::string snapshot() const final;
  std::string text() const final;

  /// Goes on where a snapshot was taken. Refused: its state is malformed.
  messages::Result<bool> resume(ReplicaSnapshot snapshot);

  /// Takes the place of `broken`, whose progress is whole even where its state is half-made: what
  /// that had made of entries stays, all others are refused.
  void quarantine(ReplicatedRole& broken, std::string reason);
  const std::string& quarantined() const { return quarantined_; }  ///< why; empty: it is not

  const Progress& progress() const { return progress_; }

 protected:
  virtual messages::CircuitId circuit() const = 0;
  virtual messages::AppliedEntry apply(messages::CommittedEntry entry) = 0;

  /// In circuit time.
  virtual std::optional<messages::Duration> circuit_deadline() const = 0;
  virtual bool finished() const = 0;

  virtual std::string state_bytes() const = 0;
  virtual std::string state_text() const = 0;           ///< as JSON
  virtual bool take_state(std::string_view bytes) = 0;  ///< false: malformed; empty: the first one
  virtual messages::Value summary() const = 0;          ///< how it is, for people; short

  /// Where this has changed since it was told last, or where all is to be told.
  virtual std::optional<messages::Roster> roster(bool) { return std::nullopt; }

 private:
  void take(const messages::Address& from, messages::Item item, messages::Effects& effects);
  messages::Applied commit(messages::Committed committed);
  messages::AppliedEntry made_of(messages::CommittedEntry entry);
  void restore(const messages::Restore& wanted);
  messages::Answer answer(const messages::Read& read) const;
  ReplicaState replica_state() const;
  bool take_replica_state(ReplicaState replica);

  /// Completes what is told to the queen with where the circuit stands.
  messages::Applied standing(messages::Applied made, bool whole = false);

  Progress progress_;
  std::string quarantined_;
};

}  // namespace queenright::roles
