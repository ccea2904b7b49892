#include "sim/invariants/sink_invariants.hpp"

namespace queenright::sim {

using messages::RoleKind;
using messages::SinkAck;
using messages::SinkEffect;

void SinkInvariants::turned(const Turned& turn) {
  if (turn.role.kind == RoleKind::worker) return worker_turned(turn);
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
  if (queen != nullptr && queen->degraded() &&
      std::holds_alternative<messages::StartAttempt>(effect.payload))
    violate(turn.at, "degraded", "a degraded queen dispatches for " + text_of(effect.circuit),
            effect.circuit, {turn.node});
}

/// A6: the epochs that a worker follows never fall.
void SinkInvariants::worker_turned(const Turned& turn) {
  each_item_taken(turn.input, [&](const messages::Address&, const messages::Item& item) {
    const auto* effect = std::get_if<SinkEffect>(&item);
    if (effect == nullptr) return;
    bool followed = false;
    each_item_sent(turn.effects, [&](const messages::Address&, const messages::Item& said) {
      const auto* ack = std::get_if<SinkAck>(&said);
      followed |= ack != nullptr && ack->circuit == effect->circuit && ack->id == effect->id &&
                  ack->epoch == effect->epoch && !ack->refused;
    });
    if (!followed) return;
    auto& fence = fences_[{turn.node, effect->circuit}];
    if (effect->epoch < fence)
      violate(turn.at, "A6", "a worker follows a fenced epoch of " + text_of(effect->circuit),
              effect->circuit, {turn.node});
    fence = std::max(fence, effect->epoch);
  });
}

void SinkInvariants::released(const Released& released) {
  const auto* spawn = std::get_if<messages::Spawn>(&released.effect.body);
  if (spawn != nullptr && !spawned_.insert(spawn->attempt).second)
    violate(released.at, "once",
            "an attempt of " + text_of(spawn->attempt.circuit) + " was started twice",
            spawn->attempt.circuit, {released.node});
}

}  // namespace queenright::sim
