#pragma once

#include <map>
#include <set>
#include <utility>

#include "election/agreement/replica.hpp"
#include "election/penalty.hpp"
#include "messages/queen_standing.hpp"
#include "messages/timing.hpp"

namespace queenright::election {

using messages::QueenStanding;

/// Thresholds; those of the penalty are in election/penalty.hpp, and a step is late by the leases
/// that it loses.
struct QueenHealthThresholds {
  Duration unsynced = std::chrono::seconds{1};      ///< an entry of a root, on her own disk
  Duration unapplied = std::chrono::seconds{2};     ///< a committed entry, by its circuit's role
  Duration avoided_for = std::chrono::seconds{10};  ///< then she may lead that circuit again
};
inline constexpr QueenHealthThresholds queen_health_thresholds;

/// How far something had come that is waited for.
struct Waiting {
  static constexpr auto name = "Waiting";
  LogIndex at;
  Instant since;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "at", self.at);
    visit(2, "since", self.since);
  }
};

struct QueenHealthState {
  static constexpr auto name = "QueenHealthState";
  std::map<CircuitId, Waiting> unsynced;   ///< led here, and her own disk is behind
  std::map<CircuitId, Waiting> unapplied;  ///< led here, and its role is behind
  std::map<CircuitId, Instant> stuck;      ///< not to be led here, until then
  Penalty penalty;
  QueenStanding standing{};
  bool asks_disk{};  ///< and waits for its answer

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "unsynced", self.unsynced);
    visit(2, "unapplied", self.unapplied);
    visit(3, "stuck", self.stuck);
    visit(4, "penalty", self.penalty);
    visit(5, "standing", self.standing);
    visit(6, "asks_disk", self.asks_disk);
  }
};

/// Whether a queen is fit to lead, measured by progress: one who says hello and gets nothing done
/// is worse than none. A stalled disk demotes her at once, until it goes on and her penalty is
/// small; steps that come too late, and majorities that come and go, do when there are several in
/// a short time. A circuit that is stuck is given up alone. All is forgotten at boot.
class QueenHealth {
 public:
  explicit QueenHealth(QueenHealthState state = {}) : state_(std::move(state)) {}

  void boot() { state_ = {}; }

  /// After a step that touched this circuit's log.
  void note(const Replica& replica, Instant now);
  void forget(CircuitId circuit);

  /// A step that was due then comes now: too late to keep her leases?
  void woke(Instant due, Instant now, const messages::Timing& timing);

  /// She led something, and lost the majority for it.
  void lost_majority(Instant now);

  /// Something that waited for her own disk came back.
  void disk_goes_on() { state_.asks_disk = false; }

  /// Draws the conclusions; at every tick. True: her disk is to be asked for a sign of life.
  bool look(Instant now);

  /// Good, stalled, late or flapping.
  QueenStanding standing() const { return state_.standing; }

  /// Circuits that she is not to lead.
  std::set<CircuitId> stuck() const;

  const QueenHealthState& state() const { return state_; }

 private:
  void count_mishap(QueenStanding of_what, Instant now);

  QueenHealthState state_;
};

}  // namespace queenright::election
