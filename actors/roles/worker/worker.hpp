#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "actors/roles/worker/worker_state.hpp"
#include "election/rules.hpp"
#include "messages/role.hpp"

namespace queenright::roles {

/// Executes attempts: gives them slots, ends them at their time, and reports each result until
/// its circuit has taken it. Refuses what an older root says. What it reports goes to the root
/// that it knows first, then to one queen after the other: any of them passes it on. Its hive hears
/// of it all the time; when it hears nothing of its hive for its time to live, it ends all it runs.
class Worker : public messages::Role {
 public:
  explicit Worker(election::Rules rules = {}) : rules_(rules) {}
  explicit Worker(WorkerState state, election::Rules rules = {});

  void step(messages::Input input, messages::Effects& effects) override;
  std::optional<messages::Instant> deadline() const override;
  std::string snapshot() const override;
  std::string text() const override;

 private:
  void boot(const messages::Booted& booted);
  void take(const messages::Address& from, messages::Item item);
  messages::Answer seen_of(const messages::Inspect& wanted) const;
  void accept(const messages::Address& queen, messages::SinkEffect effect);
  void perform(messages::CircuitEffect effect);
  void exited(messages::ChildExited exited);
  void answered(const messages::Address& queen, const messages::Reply& reply);
  void alarms();

  void drain_for(const messages::Drain& drain);
  void start_queued();
  void enqueue(const messages::AttemptId& id, const LiveAttempt& attempt);
  void dequeue(const LiveAttempt& attempt);
  void start(const messages::AttemptId& id, LiveAttempt& attempt);
  void end(const messages::AttemptId& id, messages::AttemptEnd because);
  void sweep(messages::CircuitId circuit);
  void sweep_others(const messages::CleanUpOthers& others);
  void report(const messages::AttemptId& id, messages::AttemptOutcome outcome);
  void conclude(const messages::AttemptId& id, messages::AttemptOutcome outcome);
  void say(const messages::AttemptId& id, const Unreported& unreported);
  void say_to_root(messages::CircuitId circuit);
  void say_on_time();
  void next_queen(Asked& asked) const;
  bool declined(const messages::Address& queen, Asked& asked) const;
  void set_deadline(const messages::AttemptId& id, LiveAttempt& attempt,
                    std::optional<messages::Instant> deadline);
  void forget(const messages::AttemptId& id);
  messages::AttemptOutcome outcome_of(messages::AttemptEnd end, std::string reason) const;

  // worker_presence.cpp
  void join(const messages::Booted& booted);
  void begin_session(messages::Session session);
  void enroll();
  messages::Key enrolment_key() const;
  messages::NodeId first_queen() const;
  bool is_alone() const;
  bool asks_to_register() const { return !state_.registered && state_.refused.empty(); }
  void enrolment_decided(const messages::Reply& reply);
  void say_hello();
  void heard(const messages::WorkerHeard& heard);
  std::optional<messages::Instant> cut_off_at() const;
  void end_if_cut_off();
  std::optional<messages::AttemptOutcome> refusal(const messages::StartAttempt& wanted) const;

  election::Rules rules_;
  WorkerState state_;

  // Derived from the state.
  std::map<std::uint64_t, messages::AttemptId> queue_;
  std::size_t queued_children_ = 0;  ///< of these
  std::set<std::pair<messages::Instant, messages::AttemptId>> deadlines_;
  std::size_t running_ = 0;

  // Of the running step only.
  messages::Effects* effects_ = nullptr;
  messages::Instant now_;
  messages::WallTime wall_;
};

}  // namespace queenright::roles
