#pragma once

#include <memory>
#include <vector>

#include "actors/roles/circuit/replicated.hpp"
#include "tests/actors/roles/applier.hpp"

namespace queenright::roles {

/// A replica of a circuit by itself: the test plays its queen, who may commit many commands at
/// once. As in a turn, one that breaks is quarantined.
class LoneReplica {
 public:
  explicit LoneReplica(messages::CircuitId circuit);
  LoneReplica(messages::CircuitId circuit, std::unique_ptr<ReplicatedRole> role);

  messages::Applied commit(std::vector<messages::CommittedEntry> entries,
                           messages::LogIndex settled = {});
  messages::Checkpointed checkpoint();
  messages::Applied restore(const messages::Checkpointed& from);
  messages::Answer read();

  /// All that it says to these items.
  std::vector<messages::Item> hear(const messages::Address& from,
                                   std::vector<messages::Item> items);

  const ReplicatedRole& role() const { return dynamic_cast<const ReplicatedRole&>(*role_); }

 private:
  template <class Kind>
  Kind ask(messages::Item item) {
    return std::get<Kind>(hear(queen_address, {std::move(item)}).at(0));
  }

  messages::CircuitId circuit_;
  std::unique_ptr<messages::Role> role_;
};

/// The commands in these inputs of a circuit, each once.
std::vector<messages::CommittedEntry> entries_in(const std::vector<messages::Input>& inputs);

}  // namespace queenright::roles
