#include "sim/invariants/liveness.hpp"

#include <algorithm>
#include <set>

#include "actors/roles/circuit/circuit.hpp"
#include "actors/roles/hive/hive.hpp"

namespace queenright::sim {

using messages::CircuitId;
using messages::NodeId;

namespace {

constexpr messages::Duration catching_up = std::chrono::milliseconds{1200};

std::vector<const election::Queen*> queens_up(const World& world) {
  std::vector<const election::Queen*> up;
  for (const NodeId node : world.queens())
    if (const auto* queen = queen_at(world, node)) up.push_back(queen);
  return up;
}

bool is_closed(const World& world, CircuitId circuit) {
  const auto up = queens_up(world);
  return std::any_of(up.begin(), up.end(), [&](const election::Queen* queen) {
    return queen->election().closed(circuit);
  });
}

/// Circuits that some queen who is up has, and that are not closed.
std::set<CircuitId> open_circuits(const World& world) {
  std::set<CircuitId> open;
  for (const auto* queen : queens_up(world))
    for (const auto& [circuit, replica] : queen->replicas()) open.insert(circuit);
  std::erase_if(open, [&](CircuitId circuit) { return is_closed(world, circuit); });
  return open;
}

/// A child that runs, a retry that is not due, a worker that is not there, or a person; or its
/// client has not looked yet.
bool waits_for_something(const World& world, CircuitId circuit) {
  for (const NodeId node : world.queens()) {
    const auto* role =
        world.is_up(node)
            ? dynamic_cast<const roles::Circuit*>(world.role(node, messages::circuit_role(circuit)))
            : nullptr;
    if (role == nullptr) continue;
    const auto status = role->state().status;
    if (messages::is_at_rest(status)) return true;
    const auto& tasks = role->state().tasks;
    return std::any_of(tasks.begin(), tasks.end(), [&](const roles::Task& task) {
      return task.status == roles::TaskStatus::assigned ||
             task.status == roles::TaskStatus::waiting ||
             (task.status == roles::TaskStatus::ready && !task.reason.empty());  // for whom
    });
  }
  return true;  // it is over, and dropped
}

}  // namespace

void Liveness::begin(Part part, const World& world) {
  if (!demanded_) return;
  if (part == Part::healed) every_circuit_has_a_root(world);
  if (part != Part::over) return;
  every_circuit_has_a_root(world);
  views_agree(world);
  trees_span(world);
  grants_hold(world);
  logs_agree(world);
  ends_are_known(world);
  runs_are_over(world);
  ends_are_made(world);
  orders_are_confirmed(world);
}

/// A circuit that was opened a moment ago has no root yet.
std::set<CircuitId> Liveness::open_for_a_while(const World& world) const {
  std::set<CircuitId> open = open_circuits(world);
  std::erase_if(open, [&](CircuitId circuit) { return !earlier_.contains(circuit); });
  return open;
}

// L1.
void Liveness::every_circuit_has_a_root(const World& world) {
  for (const CircuitId circuit : open_for_a_while(world)) {
    std::size_t roots = 0;
    for (const NodeId node : world.queens()) {
      const auto* queen = queen_at(world, node);
      if (queen != nullptr && queen->election().acting(circuit, world.clock_of(node))) ++roots;
    }
    if (roots != 0) continue;
    std::string what = "nobody leads " + text_of(circuit);
    for (const NodeId node : world.queens())
      if (const auto* queen = queen_at(world, node))
        what += "; queen " + text_of(node) + ": " + explained(queen->election().explain(circuit));
    violate(world.now(), "L1", what, circuit);
  }
}

// L2.
void Liveness::views_agree(const World& world) {
  for (const CircuitId circuit : open_for_a_while(world)) {
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

// L4.
void Liveness::grants_hold(const World& world) {
  for (const CircuitId circuit : open_for_a_while(world))
    for (const NodeId node : world.queens()) {
      const auto* root = queen_at(world, node);
      if (root == nullptr || !root->election().knows(circuit) ||
          !root->election().acting(circuit, world.clock_of(node)))
        continue;
      const auto& contest = root->election().contest(circuit);
      for (const auto* standby : queens_up(world)) {
        const NodeId other = standby->state().node;
        if (other == node) continue;
        const auto grant = contest.grants.find(other);
        if (grant == contest.grants.end() || contest.led < grant->second.lowest ||
            grant->second.highest < contest.led ||
            grant->second.support != root->support().epoch_got(other))
          violate(
              world.now(), "L4",
              "queen " + text_of(other) + " has not granted " + text_of(circuit) + " to its root",
              circuit, {node, other});
      }
    }
}

void Liveness::look(const World& world) {
  if (world.now() < recent_at_ + catching_up) return;
  earlier_ = std::exchange(recent_, {});
  recent_at_ = world.now();
  closed_earlier_ = std::exchange(closed_recently_, {});
  for (const auto* queen : queens_up(world))
    for (const auto& [circuit, replica] : queen->replicas())
      if (is_closed(world, circuit)) closed_recently_.insert(circuit);
  left_earlier_ = std::exchange(left_recently_, {});
  for (const NodeId node : world.queens())
    if (const auto* queen = queen_at(world, node))
      for (const auto& [circuit, replica] : queen->replicas()) {
        recent_[circuit] = std::max(recent_[circuit], replica.log.settled);
        Open& open = left_recently_[circuit];
        open.finished |= replica.log.finished;
        for (const auto& [id, effect] : replica.log.effects) open.orders.insert(id);
      }
}

/// A5: what wanted nothing more a while ago, and is not waited for, is closed.
void Liveness::ends_are_made(const World& world) {
  for (const CircuitId circuit : open_for_a_while(world))
    if (left_earlier_[circuit].finished)
      violate(world.now(), "A5", text_of(circuit) + " is finished, and nobody closes it", circuit);
}

/// A5: an order of a while ago that its root still has to give.
void Liveness::orders_are_confirmed(const World& world) {
  for (const CircuitId circuit : open_for_a_while(world))
    for (const NodeId node : world.queens()) {
      const auto* queen = queen_at(world, node);
      if (queen == nullptr || !queen->election().knows(circuit) ||
          !queen->election().acting(circuit, world.clock_of(node)))
        continue;
      const auto& orders = left_earlier_[circuit].orders;
      for (const auto& [id, effect] : queen->replicas().at(circuit).log.effects)
        if (orders.contains(id))
          violate(world.now(), "A5",
                  "order " + std::to_string(id.index.value) + " of " + text_of(circuit) +
                      " is not confirmed",
                  circuit, {node});
    }
}

/// A5: what somebody had settled a while ago, all have.
void Liveness::logs_agree(const World& world) {
  for (const CircuitId circuit : open_for_a_while(world)) {
    const messages::LogIndex settled = earlier_[circuit];
    for (const NodeId node : world.queens()) {
      const auto* queen = queen_at(world, node);
      if (queen == nullptr) continue;
      const auto replica = queen->replicas().find(circuit);
      if (replica != queen->replicas().end() && replica->second.log.settled >= settled) continue;
      violate(world.now(), "A5",
              "queen " + text_of(node) + " does not follow the log of " + text_of(circuit), circuit,
              {node});
    }
  }
}

/// A5: what was closed a while ago is closed for all, and all have its end.
void Liveness::ends_are_known(const World& world) {
  for (const CircuitId circuit : closed_earlier_)
    for (const auto* queen : queens_up(world)) {
      const auto replica = queen->replicas().find(circuit);
      if (replica == queen->replicas().end() || replica->second.log.closed) continue;
      violate(world.now(), "A5", text_of(circuit) + " was closed, and a queen lacks its end",
              circuit, {queen->state().node});
    }
}

/// Every run that a client began is over, or it can be seen what it waits for.
void Liveness::runs_are_over(const World& world) {
  for (const auto& client : world.clients())
    for (const auto& run : client->runs())
      if (!run.over && !(run.circuit && waits_for_something(world, *run.circuit)))
        violate(world.now(), "A5",
                "the run " + run.key + " of client " + std::to_string(client->number()) +
                    " is not over: " + (run.state.empty() ? "not begun" : run.state),
                run.circuit);
}

}  // namespace queenright::sim
