#pragma once

#include <map>
#include <set>
#include <span>
#include <vector>

#include "sim/faults/conditions.hpp"
#include "sim/faults/fault_parts.hpp"
#include "sim/world/world.hpp"

namespace queenright::sim {

/// Makes a world what a list of faults says. The world outlives it.
class Injection {
 public:
  /// From now on, which is time 0 of the faults.
  Injection(World& world, const Options& options, std::span<const Fault> faults);

  /// Runs the world up to `end`, with all faults on the way. `end` is not before the last one.
  void run_until(Duration end);

  /// One more, from now on or later.
  void add(const Fault& fault);

  Duration now() const { return world_.now() - began_; }

 private:
  void apply();
  void strike(const Fault& fault);
  void make(const Conditions& wanted);
  void make_links(const Conditions& wanted);
  void make_nodes(const Conditions& wanted);
  void start_whoever_may_run();

  World& world_;
  const Options options_;
  const Layout layout_;
  const messages::Instant began_;
  std::multimap<Duration, Fault> to_come_;  ///< unfolded, by their time
  std::vector<Fault> begun_;                ///< and not over
  std::set<Duration> changes_;              ///< when one begins or ends, not yet past
  Conditions made_;
};

}  // namespace queenright::sim
