#pragma once

#include <map>
#include <optional>

#include "messages/role.hpp"

namespace queenright::roles {

/// How far a circuit is, and what its queen has not taken in yet.
struct Progress {
  static constexpr auto name = "Progress";
  messages::LogIndex applied;
  std::map<messages::LogIndex, messages::AppliedEntry> unsettled;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "applied", self.applied);
    visit(2, "unsettled", self.unsettled);
  }
};

/// What all circuits have in common: they change on Committed only, apply each entry once, and
/// say again what they made of it until their queen has taken it in.
class ReplicatedRole : public messages::Role {
 public:
  void step(messages::Input input, messages::Effects& effects) final;

 protected:
  virtual messages::CircuitId circuit() const = 0;
  virtual Progress& progress() = 0;
  virtual messages::AppliedEntry apply(messages::CommittedEntry entry) = 0;

  /// In circuit time.
  virtual std::optional<messages::Duration> circuit_deadline() const = 0;
  virtual bool finished() const = 0;

 private:
  /// Completes what is told to the queen with where the circuit stands.
  messages::Applied state_of(messages::Applied made) const;
};

}  // namespace queenright::roles
