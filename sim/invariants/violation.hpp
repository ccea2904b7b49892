#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/world/observer.hpp"

namespace queenright::sim {

class World;

/// Something that must not be has been seen.
struct Violation {
  messages::Instant at;                             ///< true time
  std::string invariant;                            ///< "I3"
  std::string what;                                 ///< in a sentence
  std::optional<messages::CircuitId> circuit = {};  ///< that it is about
  std::vector<messages::NodeId> nodes = {};         ///< that it is about
};

/// What a trial goes through, in this order.
enum class Part : std::uint8_t {
  faults,
  core,    ///< a majority is whole by now, and the rest is out of reach
  healed,  ///< all is whole by now
  over
};

/// Looks on, and knows what must not be. Asked often whether it has seen it: the first violation
/// ends a trial.
class Watcher : public Observer {
 public:
  /// A part begins; called between two events.
  virtual void begin(Part, const World&) {}
  /// Some milliseconds have gone by; called between two events.
  virtual void look(const World&) {}
  /// All so far.
  virtual const std::vector<Violation>& violations() const = 0;
};

}  // namespace queenright::sim
