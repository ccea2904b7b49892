#include "sim/invariants/election_invariants.hpp"

#include <algorithm>

namespace queenright::sim {

using messages::CircuitId;
using messages::NodeId;

void ElectionInvariants::begin(Part, const World& world) { world_ = &world; }

void ElectionInvariants::turned(const Turned& turn) {
  positions_[{turn.node, turn.role}][turn.sequence] = turn.position;
  if (turn.role != messages::queen_role()) return;
  heard_herself(turn);
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
  one_acts(*world_, view.circuit);
}

/// I9, and I3, I4: whoever gives an order acts.
void ElectionInvariants::acts(const Turned& turn, CircuitId circuit) {
  if (closed_.contains(circuit))
    violate(turn.at, "I9", text_of(circuit) + " was closed, and is acted upon", circuit,
            {turn.node});
  one_acts(*world_, circuit);
}

/// I3, I4: at any instant, and in epochs that rise.
void ElectionInvariants::one_acts(const World& world, CircuitId circuit) {
  if (!clocks_in_bounds_) return;
  std::vector<NodeId> acting;
  for (const NodeId node : world.queens()) {
    const auto* queen = queen_at(world, node);
    if (queen == nullptr || !queen->election().knows(circuit) ||
        !queen->election().acting(circuit, world.clock_of(node)))
      continue;
    acting.push_back(node);
    const messages::Epoch epoch = queen->election().contest(circuit).led.epoch;
    auto& highest = highest_acting_[circuit];
    if (epoch < highest)
      violate(world.now(), "I4", "a root of " + text_of(circuit) + " acts in an epoch of the past",
              circuit, {node});
    highest = std::max(highest, epoch);
  }
  if (acting.size() > 1)
    violate(world.now(), "I3", "two roots of " + text_of(circuit) + " act at once", circuit,
            std::move(acting));
}

/// I5, and of all that is held: it leaves when the input that caused it is durable.
void ElectionInvariants::released(const Released& released) {
  if (release_of(released.effect) != messages::Release::held) return;
  if (is_durable(released.cause, released.node)) return;
  violate(released.at, "I5", "what promises something left before it was synced", {},
          {released.node});
}

/// I5: her own vote, and her own log, count when they are durable (section 7).
void ElectionInvariants::heard_herself(const Turned& turn) {
  if (is_durable(turn.input.cause, turn.node)) return;
  each_item_taken(turn.input, [&](const messages::Address& from, const messages::Item& item) {
    if (from.node == turn.node && release_of(item) == messages::Release::held)
      violate(turn.at, "I5", "a queen counts of her own what is not synced", {}, {turn.node});
  });
}

/// Or of a life that is over.
bool ElectionInvariants::is_durable(const messages::Cause& cause, NodeId node) const {
  const auto turns = positions_.find({node, cause.who.role});
  if (turns == positions_.end()) return true;
  const auto turn = turns->second.find(cause.sequence);
  const auto durable = durable_.find(node);
  return turn == turns->second.end() ||
         (durable != durable_.end() && turn->second <= durable->second);
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

void ElectionInvariants::look(const World& world) {
  look_at_trees(world);
  look_at_roots(world);
}

/// Of circuits that somebody takes herself for the root of.
void ElectionInvariants::look_at_roots(const World& world) {
  std::set<CircuitId> led;
  for (const NodeId node : world.queens())
    if (const auto* queen = queen_at(world, node))
      for (const auto& [circuit, contest] : queen->election().state().contests)
        if (contest.part == election::Part::root) led.insert(circuit);
  for (const CircuitId circuit : led) one_acts(world, circuit);
}

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
