#pragma once

#include <map>
#include <set>
#include <string>

#include "actors/roles/circuit/replicated.hpp"
#include "actors/roles/hive/worker_record.hpp"

namespace queenright::roles {

/// Of more runs the oldest ones that are over are forgotten.
inline constexpr std::size_t runs_kept = 10'000;

/// What the hive knows of a run. All else is in the run's own circuit.
struct RunRecord {
  static constexpr auto name = "RunRecord";
  std::string run;  ///< what people call it
  std::string plan_name;
  std::string plan_hash;
  messages::RunStatus status{};
  std::int32_t exit_code{};
  std::string reason;
  messages::WallTime opened;
  messages::WallTime ended;
  messages::Duration opened_at{};  ///< in circuit time
  std::string key;                 ///< of the submit that opened it
  bool began{};                    ///< it has got its plan
  bool abandoned{};                ///< its circuit has been told to end, since no plan came

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "run", self.run);
    visit(2, "plan_name", self.plan_name);
    visit(3, "plan_hash", self.plan_hash);
    visit(4, "status", self.status);
    visit(5, "exit_code", self.exit_code);
    visit(6, "reason", self.reason);
    visit(7, "opened", self.opened);
    visit(8, "ended", self.ended);
    visit(9, "opened_at", self.opened_at);
    visit(10, "key", self.key);
    visit(11, "abandoned", self.abandoned);
    visit(12, "began", self.began);
  }
};

/// Whether an operator is there.
struct Attendance {
  static constexpr auto name = "Attendance";
  messages::Duration within{};  ///< a sign of one is expected; zero: none is
  messages::Duration due{};     ///< in circuit time
  messages::WallTime heard;     ///< the last one
  bool missed{};                ///< and so the hive is in safe mode
  messages::HiveMode before{};  ///< its mode until then
  std::string reason_before;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "within", self.within);
    visit(2, "due", self.due);
    visit(3, "heard", self.heard);
    visit(4, "missed", self.missed);
    visit(5, "before", self.before);
    visit(6, "reason_before", self.reason_before);
  }
};

struct HiveState {
  static constexpr auto name = "HiveState";
  messages::CircuitId last_circuit;
  std::map<messages::CircuitId, RunRecord> runs;
  std::map<messages::Address, WorkerRecord> workers;
  std::map<messages::NodeId, std::string> draining;  ///< why
  messages::HiveMode mode{};
  std::string mode_reason;
  Attendance attendance;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(2, "last_circuit", self.last_circuit);
    visit(3, "runs", self.runs);
    visit(5, "workers", self.workers);
    visit(6, "draining", self.draining);
    visit(7, "mode", self.mode);
    visit(8, "mode_reason", self.mode_reason);
    visit(9, "attendance", self.attendance);
  }
};

/// The command that ends the hive's mode, to be typed.
std::string way_out(const HiveState& state);

/// The run was given up before it had a plan, so nobody was ever told that it runs.
bool never_began(const RunRecord& record);

/// Ends a run whose plan never came; the same command, whoever gives the run up.
messages::Propose abandonment(messages::CircuitId circuit);

/// Circuit 0, which never closes: gives out circuits to runs, keeps their list and the workers.
class Hive : public ReplicatedRole {
 public:
  const HiveState& state() const { return state_; }

 protected:
  messages::CircuitId circuit() const override { return messages::hive_circuit; }
  messages::AppliedEntry apply(messages::CommittedEntry entry) override;
  std::optional<messages::Duration> circuit_deadline() const override;
  bool finished() const override { return false; }
  std::string state_bytes() const override;
  std::string state_text() const override;
  bool take_state(std::string_view bytes) override;
  messages::Value summary() const override;
  std::optional<messages::Roster> roster(bool all) override;

 private:
  void open(const messages::OpenRun& wanted, const messages::CommittedEntry& entry,
            messages::AppliedEntry& made);
  void change(const messages::RunChanged& changed, messages::WallTime wall,
              messages::AppliedEntry& made);
  void abandon(messages::Duration circuit_time, messages::AppliedEntry& made);
  void forget_oldest();

  // hive_workers.cpp: the registry
  void enroll(const messages::RegisterWorker& worker, const messages::CommittedEntry& entry,
              messages::AppliedEntry& made);
  std::string refusal(const messages::RegisterWorker& worker) const;
  void lose(const messages::WorkerLost& lost, const messages::CommittedEntry& entry,
            messages::AppliedEntry& made);
  void judge(const messages::WorkerJudged& judged, const messages::CommittedEntry& entry,
             messages::AppliedEntry& made);
  void review(const messages::CommittedEntry& entry, messages::AppliedEntry& made);
  void drain(const messages::DrainNode& wanted, messages::AppliedEntry& made);
  void undrain(const messages::UndrainNode& wanted, messages::AppliedEntry& made);
  messages::Propose offer(messages::CircuitId circuit, const messages::Address& worker) const;
  void drain_worker(messages::NodeId node, messages::AppliedEntry& made);
  void offer_all(messages::CircuitId circuit, messages::AppliedEntry& made) const;
  void tell_circuits(const messages::Address& worker, messages::AppliedEntry& made);
  void plan_review(const messages::Address& worker);
  void forget_a_lost_one();

  // hive_modes.cpp
  void set_mode(const messages::SetMode& wanted, const messages::CommittedEntry& entry,
                messages::AppliedEntry& made);
  void hear(const messages::Heartbeat& heartbeat, const messages::CommittedEntry& entry,
            messages::AppliedEntry& made);
  void miss_the_operator(messages::Duration circuit_time, messages::AppliedEntry& made);
  void expect_the_operator(const messages::CommittedEntry& entry);
  void enter(messages::HiveMode mode, std::string reason, messages::AppliedEntry& made);
  bool expects_an_operator() const;

  HiveState state_;

  // Derived from the state.
  std::set<messages::CircuitId> without_plan_;  ///< the first has waited longest
  std::set<std::pair<messages::Duration, messages::Address>> reviews_;  ///< of who is on probation
  bool roster_changed_ = false;  ///< and the queen has not been told
};

}  // namespace queenright::roles
