#pragma once

#include <map>
#include <set>

#include "sim/invariants/watch.hpp"

namespace queenright::sim {

/// docs/simulation.md: I1, I3, I4, I5, I8, I9.
class ElectionInvariants : public Invariants {
 public:
  explicit ElectionInvariants(bool clocks_in_bounds) : clocks_in_bounds_(clocks_in_bounds) {}

  void begin(Part part, const World& world) override;
  void turned(const Turned& turn) override;
  void released(const Released& released) override;
  void synced(const Synced& synced) override;
  void ended(const Ended& ended) override;
  void look(const World& world) override;

 private:
  void won(const Turned& turn, const messages::View& view);
  void acts(const Turned& turn, messages::CircuitId circuit);
  void heard_herself(const Turned& turn);
  void one_acts(const World& world, messages::CircuitId circuit);
  void look_at_roots(const World& world);
  bool is_durable(const messages::Cause& cause, messages::NodeId node) const;
  void look_at_trees(const World& world);

  const bool clocks_in_bounds_;  ///< else two may act, and only fences hold
  const World* world_ = nullptr;
  std::map<std::pair<messages::CircuitId, messages::Epoch>, messages::Ballot> elected_;
  std::map<messages::CircuitId, messages::Epoch> highest_;
  std::map<messages::CircuitId, messages::Epoch> highest_acting_;
  std::set<messages::CircuitId> closed_;
  std::map<messages::NodeId, messages::Position> durable_;
  std::map<std::pair<messages::NodeId, messages::RoleId>,
           std::map<messages::RoleSequence, messages::Position>>
      positions_;  ///< of turns that are not known to be durable
};

}  // namespace queenright::sim
