#pragma once

#include <functional>
#include <map>

#include "messages/effect.hpp"
#include "messages/input.hpp"
#include "sim/world/agenda.hpp"
#include "sim/world/chance.hpp"

namespace queenright::sim {

/// What becomes of a child when nobody ends it.
struct Fate {
  messages::Duration runs{};
  bool for_ever{};
  bool ignores_term{};
  messages::Duration dies_slowly{};  ///< from the signal to its exit
  messages::AttemptOutcome outcome;
};

/// The made-up child processes of one worker node. They end with its process.
class Children {
 public:
  using Exited = std::function<void(messages::ChildExited)>;

  /// The agenda outlives it.
  Children(Agenda& agenda, std::uint64_t seed, messages::NodeId node, Exited exited);

  void spawn(const messages::Spawn& spawn);
  void end(const messages::EndChild& end);
  void sweep(messages::CircuitId circuit);
  void suspend(messages::Duration span);  ///< all exit so much later
  void end_all() { children_.clear(); }
  void fail_spawns(bool on) { fails_ = on; }  ///< none can be started, and it is told

 private:
  struct Child {
    std::uint64_t number;
    messages::Instant exits;
    Fate fate;
    bool told_to_end;
  };

  Fate fate();
  Fate fate_of(const messages::Spawn& spawn);
  void signal(const messages::AttemptId& attempt, Child& child, bool force);
  void expect_exit(const messages::AttemptId& attempt, const Child& child);
  void exit(const messages::AttemptId& attempt, std::uint64_t number);

  Agenda& agenda_;
  Chance chance_;
  const Exited exited_;
  std::uint64_t spawned_ = 0;
  bool fails_ = false;
  std::map<messages::AttemptId, Child> children_;
};

}  // namespace queenright::sim
