#include "sim/invariants/election_invariants.hpp"

namespace queenright::sim {

using messages::CircuitId;
using messages::NodeId;

void ElectionInvariants::begin(Part, const World& world) { world_ = &world; }

void ElectionInvariants::turned(const Turned& turn) {
  positions_[{turn.node, turn.role}][turn.sequence] = turn.position;
  if (turn.role != messages::queen_role()) return;
  const auto* queen = dynamic_cast<const election::Queen*>(turn.after);
  if (queen == nullptr) return;
  for (const CircuitId circuit : queen->election().state().closed) closed_.insert(circuit);
  std::set<CircuitId> acting;
  each_item_sent(turn.effects, [&](const messages::Address&, const messages::Item& item) {
    if (const auto* view = std::get_if<messages::View>(&item)) won(turn, *view);
    if (const auto* effect = std::get_if<messages::SinkEffect>(&item))
      acting.insert(effect->circuit);
  });
  for (const CircuitId circuit : acting) acts(turn, circuit);
}

// I1, I4, I9.
void ElectionInvariants::won(const Turned& turn, const messages::View& view) {
  if (view.ballot.queen != turn.node || view.released ||
      view.ballot.epoch == messages::closed_epoch)
    return;
  const auto [place, fresh] = elected_.try_emplace({view.circuit, view.ballot.epoch}, view.ballot);
  if (place->second != view.ballot)
    violate(turn.at, "I1", "two roots of one epoch of " + text_of(view.circuit), view.circuit,
            {place->second.queen, turn.node});
  if (!fresh) return;
  auto& highest = highest_[view.circuit];
  if (view.ballot.epoch <= highest)
    violate(turn.at, "I4", "an epoch of the past was elected in " + text_of(view.circuit),
            view.circuit, {turn.node});
  highest = std::max(highest, view.ballot.epoch);
  if (closed_.contains(view.circuit))
    violate(turn.at, "I9", text_of(view.circuit) + " was closed, and has a root", view.circuit,
            {turn.node});
}

/// I3, I4: whoever gives an order acts, and nobody else does at that instant.
void ElectionInvariants::acts(const Turned& turn, CircuitId circuit) {
  const auto& queen = dynamic_cast<const election::Queen&>(*turn.after);
  const messages::Epoch epoch = queen.election().contest(circuit).led.epoch;
  auto& highest = highest_acting_[circuit];
  if (epoch < highest && clocks_in_bounds_)
    violate(turn.at, "I4", "orders in " + text_of(circuit) + " under an epoch of the past", circuit,
            {turn.node});
  highest = std::max(highest, epoch);
  if (closed_.contains(circuit))
    violate(turn.at, "I9", text_of(circuit) + " was closed, and is acted upon", circuit,
            {turn.node});
  if (!clocks_in_bounds_) return;
  for (const NodeId other : world_->queens()) {
    if (other == turn.node) continue;
    const auto* second = queen_at(*world_, other);
    if (second != nullptr && second->election().acting(circuit, world_->clock_of(other)))
      violate(turn.at, "I3", "two roots of " + text_of(circuit) + " act at once", circuit,
              {turn.node, other});
  }
}

/// I5, and of all that is held: it leaves when the input that caused it is durable.
void ElectionInvariants::released(const Released& released) {
  if (release_of(released.effect) != messages::Release::held) return;
  const auto turns = positions_.find({released.node, released.cause.who.role});
  if (turns == positions_.end()) return;
  const auto turn = turns->second.find(released.cause.sequence);
  if (turn == turns->second.end() || turn->second <= durable_[released.node]) return;
  violate(released.at, "I5", "what promises something left before it was synced", {},
          {released.node});
}

void ElectionInvariants::synced(const Synced& synced) {
  durable_[synced.node] = synced.durable;
  for (auto& [role, turns] : positions_)
    if (role.first == synced.node)
      std::erase_if(turns, [&](const auto& turn) { return turn.second <= synced.durable; });
}

void ElectionInvariants::ended(const Ended& ended) {
  durable_[ended.node] = ended.durable;
  std::erase_if(positions_, [&](const auto& role) { return role.first.first == ended.node; });
}

void ElectionInvariants::look(const World& world) { look_at_trees(world); }

/// I8: following parents towards a source never comes back to where it began.
void ElectionInvariants::look_at_trees(const World& world) {
  for (const NodeId source : world.queens()) {
    for (const NodeId start : world.queens()) {
      NodeId at = start;
      for (std::size_t hops = 0; hops <= world.queens().size(); ++hops) {
        const auto* queen = queen_at(world, at);
        if (at == source || queen == nullptr) break;
        const auto parent = queen->tree().parent(source);
        if (!parent) break;
        at = *parent;
        if (at != start) continue;
        violate(world.now(), "I8", "the way to queen " + text_of(source) + " is a circle", {},
                {start});
        return;
      }
    }
  }
}

}  // namespace queenright::sim
