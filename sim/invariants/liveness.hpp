#pragma once

#include <map>
#include <set>

#include "sim/invariants/watch.hpp"
#include "sim/world/options.hpp"

namespace queenright::sim {

/// L1 when a core is whole, and L2 to L4, A5 when all is, after the time that these parts take.
class Liveness : public Invariants {
 public:
  /// Not `demanded`: it finds nothing, since the faults last to the end.
  explicit Liveness(bool demanded) : demanded_(demanded) {}

  void begin(Part part, const World& world) override;
  void look(const World& world) override;

 private:
  std::set<messages::CircuitId> open_for_a_while(const World& world) const;
  void every_circuit_has_a_root(const World& world);
  void views_agree(const World& world);
  void trees_span(const World& world);
  void grants_hold(const World& world);
  void logs_agree(const World& world);
  void ends_are_known(const World& world);
  void runs_are_over(const World& world);
  void ends_are_made(const World& world);
  void orders_are_confirmed(const World& world);

  const bool demanded_;

  /// How much of each circuit somebody had settled, a while ago and since then.
  using Settled = std::map<messages::CircuitId, messages::LogIndex>;
  Settled earlier_;
  Settled recent_;
  messages::Instant recent_at_;
  std::set<messages::CircuitId> closed_earlier_;
  std::set<messages::CircuitId> closed_recently_;

  /// What nobody had confirmed, and whether the circuit wanted no more.
  struct Open {
    std::set<messages::EffectId> orders;
    bool finished = false;
  };
  std::map<messages::CircuitId, Open> left_earlier_;
  std::map<messages::CircuitId, Open> left_recently_;
};

}  // namespace queenright::sim
