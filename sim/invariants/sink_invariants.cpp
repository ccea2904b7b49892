#include "sim/invariants/sink_invariants.hpp"

#include <algorithm>

namespace queenright::sim {

using messages::RoleKind;
using messages::SinkAck;
using messages::SinkEffect;

void SinkInvariants::turned(const Turned& turn) {
  if (turn.role.kind != RoleKind::queen) return;
  each_item_taken(turn.input, [&](const messages::Address& from, const messages::Item& item) {
    const auto* made = std::get_if<messages::Applied>(&item);
    if (made == nullptr || from.node != turn.node) return;
    for (const auto& entry : made->entries) applied_.emplace(made->circuit, entry.index);
  });
  each_item_sent(turn.effects, [&](const messages::Address&, const messages::Item& item) {
    if (const auto* effect = std::get_if<SinkEffect>(&item)) ordered(turn, *effect);
  });
}

void SinkInvariants::ordered(const Turned& turn, const SinkEffect& effect) {
  if (!applied_.contains({effect.circuit, effect.id.index}))
    violate(turn.at, "A6", "an order of " + text_of(effect.circuit) + " that nobody agreed on",
            effect.circuit, {turn.node});
  const auto* queen = dynamic_cast<const election::Queen*>(turn.after);
  if (queen != nullptr && queen->election().degraded() &&
      std::holds_alternative<messages::StartAttempt>(effect.payload))
    violate(turn.at, "degraded", "a degraded queen dispatches for " + text_of(effect.circuit),
            effect.circuit, {turn.node});
}

/// A6: the epochs that a worker follows never fall. What was not durable was followed by nobody.
void SinkInvariants::followed(const Released& released, const SinkAck& ack) {
  if (ack.refused) return;
  auto& fence = fences_[{released.node, ack.circuit}];
  if (ack.epoch < fence)
    violate(released.at, "A6", "a worker follows a fenced epoch of " + text_of(ack.circuit),
            ack.circuit, {released.node});
  fence = std::max(fence, ack.epoch);
}

void SinkInvariants::released(const Released& released) {
  if (const auto* send = std::get_if<messages::Send>(&released.effect.body))
    for (const auto& item : send->items)
      if (const auto* ack = std::get_if<SinkAck>(&item)) followed(released, *ack);
}

}  // namespace queenright::sim
