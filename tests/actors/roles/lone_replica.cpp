#include "tests/actors/roles/lone_replica.hpp"

#include <utility>

#include "actors/roles/catalogue.hpp"
#include "messages/ensure.hpp"

namespace queenright::roles {

using messages::Applied;
using messages::CommittedEntry;
using messages::Input;
using messages::Item;

LoneReplica::LoneReplica(messages::CircuitId circuit)
    : circuit_(circuit), role_(make_role(messages::circuit_role(circuit))) {}

LoneReplica::LoneReplica(messages::CircuitId circuit, std::unique_ptr<ReplicatedRole> role)
    : circuit_(circuit), role_(std::move(role)) {}

Applied LoneReplica::commit(std::vector<CommittedEntry> entries, messages::LogIndex settled) {
  return ask<Applied>(messages::Committed{circuit_, std::move(entries), settled});
}

messages::Checkpointed LoneReplica::checkpoint() {
  return ask<messages::Checkpointed>(messages::Checkpoint{circuit_});
}

Applied LoneReplica::restore(const messages::Checkpointed& from) {
  return ask<Applied>(messages::Restore{circuit_, from.applied, from.state});
}

messages::Answer LoneReplica::read() {
  return ask<messages::Answer>(messages::Read{circuit_, {"read", 1}, false});
}

std::vector<Item> LoneReplica::hear(const messages::Address& from, std::vector<Item> items) {
  const Input input{{}, {}, {}, {}, messages::Envelope{from, std::move(items)}};
  messages::Effects effects;
  try {
    role_->step(input, effects);
  } catch (const messages::BrokenInvariant& broken) {
    effects = {};
    role_ = RoleCatalogue(embedded_supervision())
                .quarantine(messages::circuit_role(circuit_), std::move(role_), input,
                            broken.what(), effects);
  }
  std::vector<Item> said;
  for (const auto& effect : effects.take())
    for (const auto& item : std::get<messages::Send>(effect.body).items) said.push_back(item);
  return said;
}

std::vector<CommittedEntry> entries_in(const std::vector<Input>& inputs) {
  std::vector<CommittedEntry> entries;
  for (const auto& input : inputs) {
    const auto* envelope = std::get_if<messages::Envelope>(&input.body);
    if (envelope == nullptr) continue;
    for (const auto& item : envelope->items)
      if (const auto* committed = std::get_if<messages::Committed>(&item))
        for (const auto& entry : committed->entries)
          if (entries.empty() || entry.index > entries.back().index) entries.push_back(entry);
  }
  return entries;
}

}  // namespace queenright::roles
