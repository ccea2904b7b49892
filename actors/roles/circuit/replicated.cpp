#include "actors/roles/circuit/replicated.hpp"

#include <utility>

#include "messages/ensure.hpp"

namespace queenright::roles {

using messages::Applied;
using messages::Booted;
using messages::Committed;
using messages::ensure;
using messages::Envelope;

void ReplicatedRole::step(messages::Input input, messages::Effects& effects) {
  if (std::holds_alternative<messages::Retired>(input.body)) return;
  if (const auto* booted = std::get_if<Booted>(&input.body)) {
    // Its queen may have forgotten it just before a crash; then she lets it retire.
    effects.send({booted->node, messages::queen_role()}, state_of({circuit(), {}, {}, {}, {}}));
    return;
  }
  auto* envelope = std::get_if<Envelope>(&input.body);
  ensure(envelope != nullptr, "a circuit changes on Committed only");
  for (auto& item : envelope->items) {
    auto* committed = std::get_if<Committed>(&item);
    ensure(committed != nullptr, "a circuit changes on Committed only");
    auto& mine = progress();
    mine.unsettled.erase(mine.unsettled.begin(), mine.unsettled.upper_bound(committed->settled));
    Applied made;
    made.circuit = circuit();
    for (auto& entry : committed->entries) {
      const auto index = entry.index;
      if (index > mine.applied) {
        mine.unsettled[index] = apply(std::move(entry));
        mine.applied = index;
      }
      const auto known = mine.unsettled.find(index);
      if (known != mine.unsettled.end()) made.entries.push_back(known->second);
    }
    effects.send(envelope->from, state_of(std::move(made)));
  }
}

Applied ReplicatedRole::state_of(Applied made) const {
  made.deadline = circuit_deadline();
  made.finished = finished();
  return made;
}

}  // namespace queenright::roles
