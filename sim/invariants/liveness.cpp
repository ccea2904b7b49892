#include "sim/invariants/liveness.hpp"

#include <set>

namespace queenright::sim {

using messages::CircuitId;
using messages::NodeId;

namespace {

/// Circuits that some queen who is up has, and that are not closed.
std::set<CircuitId> open_circuits(const World& world) {
  std::set<CircuitId> open;
  std::set<CircuitId> over;
  for (const NodeId node : world.queens()) {
    const auto* queen = queen_at(world, node);
    if (queen == nullptr) continue;
    for (const auto& [circuit, replica] : queen->replicas())
      (queen->election().closed(circuit) ? over : open).insert(circuit);
  }
  for (const CircuitId circuit : over) open.erase(circuit);
  return open;
}

}  // namespace

void Liveness::begin(Part part, const World& world) {
  if (!demanded_) return;
  if (part == Part::healed) every_circuit_has_a_root(world);
  if (part != Part::over) return;
  every_circuit_has_a_root(world);
  views_agree(world);
  trees_span(world);
  logs_agree(world);
  runs_are_over(world);
}

// L1.
void Liveness::every_circuit_has_a_root(const World& world) {
  for (const CircuitId circuit : open_circuits(world)) {
    std::size_t roots = 0;
    for (const NodeId node : world.queens()) {
      const auto* queen = queen_at(world, node);
      if (queen != nullptr && queen->election().acting(circuit, world.clock_of(node))) ++roots;
    }
    if (roots == 0) violate(world.now(), "L1", "nobody leads " + text_of(circuit), circuit);
  }
}

// L2.
void Liveness::views_agree(const World& world) {
  for (const CircuitId circuit : open_circuits(world)) {
    std::set<messages::Ballot> views;
    for (const NodeId node : world.queens()) {
      const auto* queen = queen_at(world, node);
      if (queen == nullptr || !queen->election().knows(circuit)) continue;
      views.insert(queen->election().contest(circuit).view.ballot);
    }
    if (views.size() > 1)
      violate(world.now(), "L2", "queens see different roots of " + text_of(circuit), circuit);
  }
}

// L3.
void Liveness::trees_span(const World& world) {
  for (const NodeId source : world.queens())
    for (const NodeId node : world.queens()) {
      const auto* queen = queen_at(world, node);
      if (queen == nullptr || node == source || !world.is_up(source)) continue;
      if (!queen->tree().parent(source))
        violate(world.now(), "L3", "queen " + text_of(node) + " has no way to " + text_of(source),
                {}, {node, source});
    }
}

// A5.
void Liveness::logs_agree(const World& world) {
  for (const CircuitId circuit : open_circuits(world)) {
    std::set<messages::LogIndex> settled;
    for (const NodeId node : world.queens()) {
      const auto* queen = queen_at(world, node);
      if (queen == nullptr) continue;
      const auto replica = queen->replicas().find(circuit);
      settled.insert(replica == queen->replicas().end() ? messages::LogIndex{}
                                                        : replica->second.log.settled);
    }
    if (settled.size() > 1)
      violate(world.now(), "A5", "queens have settled different lengths of " + text_of(circuit),
              circuit);
  }
}

/// A5: every run that a client began is over; those which wait for a person get their answer.
void Liveness::runs_are_over(const World& world) {
  for (const auto& client : world.clients())
    for (const auto& run : client->runs())
      if (!run.over)
        violate(world.now(), "A5",
                "the run " + run.key + " of client " + std::to_string(client->number()) +
                    " is not over: " + (run.state.empty() ? "not begun" : run.state),
                run.circuit);
}

}  // namespace queenright::sim
