#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "actors/roles/worker/worker.hpp"
#include "tests/actors/roles/applier.hpp"
#include "tests/actors/roles/plans.hpp"

namespace queenright::roles {

inline constexpr messages::CircuitId run_circuit{1};

inline messages::AttemptId attempt(std::uint32_t task, std::uint32_t number = 1,
                                   messages::CircuitId circuit = run_circuit) {
  return {circuit, {task}, {number}};
}

/// A worker by itself: the test plays its queen and its children.
class LoneWorker {
 public:
  explicit LoneWorker(std::uint32_t slots);                                 ///< boots
  LoneWorker(messages::NodeId node, std::vector<messages::NodeId> queens);  ///< with one slot

  void boot(std::uint32_t slots, std::vector<messages::CircuitId> held = {});
  void boot_to_wait();  ///< with one slot

  /// The queen wants something done, in a fresh effect of this epoch.
  messages::SinkEffect want(messages::CircuitEffect payload, std::uint32_t epoch = 1);
  void say(const messages::SinkEffect& effect, messages::NodeId queen = {1});
  void start(const messages::AttemptId& id, messages::Duration timeout = {});
  void start_noop(const messages::AttemptId& id);
  void end(const messages::AttemptId& id);
  void clean_up(messages::CircuitId circuit);

  /// Whoever was told to end has heard of it, unless it had `exited` before.
  enum class Told { in_time, too_late };
  void exit(const messages::AttemptId& id, messages::AttemptOutcome outcome,
            Told told = Told::in_time);
  void answer(const messages::Submit& submit, messages::Answered answered,
              messages::NodeId queen = {1});
  void hear(const messages::Address& from, messages::Item item);
  void drain(const std::string& reason, std::int32_t exit_code);
  void due();                          ///< waits for its deadline, and tells it; hellos go by
  void wait(messages::Duration span);  ///< and tells it of each deadline
  bool rests() const;                  ///< nothing that it said waits for an answer

  std::vector<messages::AttemptId> spawned();  ///< since the last look
  WorkerState state() const;
  std::optional<messages::Instant> deadline() const { return worker_->deadline(); }
  messages::Instant now() const { return now_; }
  const std::vector<messages::Input>& inputs() const { return inputs_; }

  // What it said, until a test takes it.
  std::vector<messages::SinkAck> acks;
  std::vector<messages::Submit> results;
  std::vector<messages::Submit> enrolments;
  std::vector<messages::Spawn> spawns;
  std::vector<messages::EndChild> ends;
  std::vector<messages::CircuitId> sweeps;
  std::vector<messages::StopNode> stops;
  std::vector<messages::NodeId> queens_told;  ///< of the results and the enrolments
  std::vector<messages::WorkerHello> hellos;
  std::vector<messages::Answer> answers;

  bool is_heard = true;  ///< each hello is answered at once

 private:
  void take(messages::Input::Body body);
  void sort(const messages::Effect& effect);

  messages::NodeId node_{1};
  std::vector<messages::NodeId> queens_{{1}};
  std::unique_ptr<messages::Role> worker_;
  messages::Instant now_{std::chrono::hours{1}};
  messages::WallTime wall_{1'700'000'000'000};
  std::uint32_t incarnation_ = 0;
  std::uint64_t effects_ = 0;
  std::vector<messages::Input> inputs_;
};

/// How an attempt ended, as the worker reports it.
const messages::AttemptOutcome& outcome_in(const messages::Submit& result);
messages::AttemptId attempt_in(const messages::Submit& result);

}  // namespace queenright::roles
