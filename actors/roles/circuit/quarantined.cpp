#include "actors/roles/circuit/quarantined.hpp"

#include "messages/text.hpp"
#include "messages/writer.hpp"

namespace queenright::roles {

void QuarantinedCircuit::step(messages::Input input, messages::Effects& effects) {
  if (const auto* booted = std::get_if<messages::Booted>(&input.body))
    effects.send({booted->node, messages::queen_role()}, answer());
  const auto* envelope = std::get_if<messages::Envelope>(&input.body);
  if (envelope == nullptr) return;
  for (const auto& item : envelope->items) {
    const auto* committed = std::get_if<messages::Committed>(&item);
    if (committed == nullptr) continue;
    messages::Applied made = answer();
    for (const auto& entry : committed->entries)
      made.entries.push_back({entry.index, "quarantined: " + state_.reason, {}, {}, {}});
    effects.send(envelope->from, std::move(made));
  }
}

messages::Applied QuarantinedCircuit::answer() const {
  messages::Applied made;
  made.circuit = state_.circuit;
  made.finished = true;
  made.quarantined = state_.reason;
  return made;
}

std::string QuarantinedCircuit::snapshot() const {
  return snapshot_mark + messages::encode(state_);
}
std::string QuarantinedCircuit::text() const { return messages::to_text(state_); }

}  // namespace queenright::roles
