#pragma once

#include <string>
#include <variant>

#include "messages/attempt.hpp"
#include "messages/operator_command.hpp"
#include "messages/run_command.hpp"
#include "messages/run_status.hpp"
#include "messages/worker_command.hpp"

/// What a circuit's log holds: the only things that change a circuit.
namespace queenright::messages {

/// Names a command for ever: the same key is the same command, done once (A-R16).
struct Key {
  static constexpr auto name = "Key";
  std::string session;
  std::uint64_t sequence{};
  auto operator<=>(const Key&) const = default;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "session", self.session);
    visit(2, "sequence", self.sequence);
  }
};

// ---- commands of the hive circuit

/// A run is wanted: the hive circuit gives it a circuit. The plan itself follows in `Begin`.
struct OpenRun {
  static constexpr auto name = "OpenRun";
  std::string plan_name;
  std::string plan_hash;
  std::string key;  ///< by which its client knows the run
  /// Of its steps, each once: refused when no registered worker could ever meet one of them.
  std::vector<WorkerNeed> needs{};

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "plan_name", self.plan_name);
    visit(2, "plan_hash", self.plan_hash);
    visit(4, "key", self.key);
    visit(5, "needs", self.needs);
  }
};

/// A run is over, or waits for a person; said by its circuit, or by a queen that quarantined it.
struct RunChanged {
  static constexpr auto name = "RunChanged";
  CircuitId circuit;
  RunStatus status{};
  std::int32_t exit_code{};
  std::string reason;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "circuit", self.circuit);
    visit(2, "status", self.status);
    visit(3, "exit_code", self.exit_code);
    visit(4, "reason", self.reason);
  }
};

// ---- commands of any circuit

/// The root under whom it is committed hands the circuit over to another queen (R9, A-R12).
struct HandOver {
  static constexpr auto name = "HandOver";
  std::string reason;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "reason", self.reason);
  }
};

/// Numbers in the contract are the places in this list: new ones go last.
using Command =
    std::variant<OpenRun, RunChanged, RegisterWorker, Begin, OfferWorker, AttemptEnded, CancelRun,
                 ResolveStep, TimePassed, AbandonRun, WorkerLost, WorkerJudged, DrainNode,
                 UndrainNode, HandOver, SetMode, ApproveStep, Heartbeat>;

}  // namespace queenright::messages
