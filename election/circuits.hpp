#pragma once

#include <optional>
#include <string>
#include <vector>

#include "election/agreement/agreement.hpp"
#include "election/alarms.hpp"
#include "election/presence.hpp"
#include "election/requests.hpp"
#include "election/running_step.hpp"

namespace queenright::election {

/// The circuits that have a replica here: what they made of commands is settled, what they want
/// done is issued until it is confirmed (A-R20), what they tell is published to those who watch;
/// and each is looked at again when its time has come.
class Circuits {
 public:
  Circuits(Agreement& agreement, Requests& requests, Presence& presence, const Rules& rules);

  void begin_step(const RunningStep& step) { step_ = step; }
  void boot();  ///< after that of the agreement and of the requests

  void take(const messages::Applied& made);
  void watch(const Address& from, const messages::Watch& wanted);
  void unwatch(const Address& from);

  /// This queen leads it now: all that is not confirmed is issued under her epoch.
  void issue_all(CircuitId circuit);

  void wake();  ///< when `next_alarm` has come
  std::optional<Instant> next_alarm() const { return alarms_.next(); }

  /// At the end of a step that touched it.
  void look_after(CircuitId circuit);

  /// What is asked of the circuit's role is said again when no answer comes.
  void await_answers(CircuitId circuit);

  /// The circuit is over, and nobody needs what this queen has of it.
  void drop(CircuitId circuit);

 private:
  void settle(Replica& replica, const messages::AppliedEntry& entry);
  void issue(Replica& replica, const EffectId& id, const CircuitEffect& effect);
  void issue_again(Replica& replica);
  void quarantine(Replica& replica, const std::string& reason);
  void publish(const Replica& replica, const std::vector<messages::RunEvent>& events);
  void tell(const Address& watcher, CircuitId circuit, std::vector<messages::RunEvent> events);
  messages::RunEvent happened(std::string state, std::string reason) const;
  std::optional<Instant> alarm(const Replica& replica) const;

  Agreement& agreement_;
  Requests& requests_;
  Presence& presence_;
  const Rules& rules_;
  Alarms alarms_;  ///< derived from the replicas
  RunningStep step_;
};

}  // namespace queenright::election
