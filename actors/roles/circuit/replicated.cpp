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
  if (std::holds_alternative<Booted>(input.body) ||  // the queen says all that is needed
      std::holds_alternative<messages::Retired>(input.body))
    return;
  auto* envelope = std::get_if<Envelope>(&input.body);
  ensure(envelope != nullptr, "a circuit changes on Committed only");
  for (auto& item : envelope->items) {
    auto* committed = std::get_if<Committed>(&item);
    ensure(committed != nullptr, "a circuit changes on Committed only");
    auto& mine = progress();
    mine.unsettled.erase(mine.unsettled.begin(), mine.unsettled.upper_bound(committed->settled));
    Applied made;
    made.circuit = committed->circuit;
    for (auto& entry : committed->entries) {
      const auto index = entry.index;
      if (index > mine.applied) {
        mine.unsettled[index] = apply(std::move(entry));
        mine.applied = index;
      }
      const auto known = mine.unsettled.find(index);
      if (known != mine.unsettled.end()) made.entries.push_back(known->second);
    }
    made.deadline = circuit_deadline();
    made.finished = finished();
    effects.send(envelope->from, std::move(made));
  }
}

}  // namespace queenright::roles
