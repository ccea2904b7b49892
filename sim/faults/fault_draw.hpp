#pragma once

#include <chrono>
#include <set>
#include <vector>

#include "sim/faults/draw.hpp"
#include "sim/faults/fault.hpp"
#include "sim/faults/fault_parts.hpp"

/// Schedules of faults, drawn from a seed.
namespace queenright::sim {

/// A trial's parts: faults; then a core of queens who must get on by themselves; then all.
struct Phases {
  Duration faults = std::chrono::seconds{8};
  Duration core = std::chrono::seconds{4};
  Duration healed = std::chrono::seconds{3};

  Duration core_at() const { return faults; }
  Duration healed_at() const { return faults + core; }
  Duration end() const { return faults + core + healed; }
};

struct FaultChoice {
  std::vector<FaultKind> kinds;
  Layout layout;
  std::uint64_t circuits = 1;  ///< 1 and up are demoted and cancelled
  Phases phases;
  bool hot = false;    ///< a fault about every 80 ms, not every 250
  bool harsh = false;  ///< what queens say is often late or lost; who is out of reach is not wholly
};

/// Draws faults. Never are more queens struck by the loss of what they promised than a hive can
/// bear (N - M in one schedule); all faults are over when the core begins, but for those that
/// are about queens outside of it.
class FaultDraw {
 public:
  FaultDraw(std::uint64_t seed, FaultChoice choice);

  /// Once.
  std::vector<Fault> schedule();

 private:
  void add_one(Duration at);
  void add_lost_effects();
  void add_lost_words();
  void add_core();
  void add_outside(std::vector<NodeId> outside);
  Fault of_kind(FaultKind kind, Duration at);
  void choose_process(Fault& fault);
  void choose_clock(Fault& fault);
  void choose_topology(Fault& fault);
  FaultKind kind();
  NodeId queen();
  NodeId worker();
  NodeId node();
  NodeId amnesiac();
  std::vector<NodeId> queens();  ///< all, in any order
  std::vector<NodeId> some_queens(std::size_t least, std::size_t most);
  bool may_forget() const { return choice_.layout.queens > choice_.layout.majority(); }

  Draw draw_;
  const FaultChoice choice_;
  std::set<NodeId> amnesiacs_;
  std::vector<Fault> faults_;
};

/// Whether after this a queen may have forgotten what she promised.
bool may_lose_promises(FaultKind kind);

}  // namespace queenright::sim
