#pragma once

#include <condition_variable>
#include <deque>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "actors/edges/artifact_store.hpp"
#include "actors/edges/child_runner.hpp"
#include "messages/inbox.hpp"

namespace queenright::edges {

/// Stands between a node and its children: before a child starts it puts the files there that the
/// child is to find, and after it has succeeded it takes what was made, before anybody hears of the
/// end. Children without either pass through.
class ArtifactCourier : private messages::Inbox {
 public:
  /// Both may take long, and are called on the courier's threads.
  struct Elsewhere {
    /// Brings it into the store. Refused: nobody has it.
    std::function<messages::Result<bool>(const messages::Artifact&)> fetch;
    /// Brings it to where it outlives this node. Refused: it did not get there.
    std::function<messages::Result<bool>(const messages::Artifact&)> hand_on;
  };

  /// `runner` outlives it.
  ArtifactCourier(ChildRunner& runner, ArtifactStore& store, std::filesystem::path scratch_base)
      : runner_(runner), store_(store), scratch_base_(std::move(scratch_base)) {}
  ~ArtifactCourier() override { stop(); }

  /// Begins; `inbox` hears of what has ended, and outlives it. As ChildRunner::attach.
  void attach(messages::Inbox& inbox, messages::RoleId worker,
              std::function<void(const std::string& reason)> died);

  /// Before the first spawn. Without it, what is not in the store is not there, and what is in it
  /// is safe.
  void use(Elsewhere elsewhere) { elsewhere_ = std::move(elsewhere); }

  void spawn(messages::TraceId trace, messages::Cause cause, messages::Spawn spawn);
  void end(const messages::EndChild& end);
  void sweep(const messages::SweepCircuit& sweep);

  /// Ends the threads; what they were at is not delivered any more.
  void stop();

 private:
  struct Handled {
    messages::TraceId trace;
    messages::Cause cause;
    messages::Exec exec;  ///< of it only what is about files, and the secrets
    bool waits_for_files = false;
    bool ended = false;
    bool swept = false;
  };
  using Job = std::function<void()>;

  void deliver(messages::RoleId to, messages::TraceId trace, messages::Cause cause,
               messages::Input::Body body) override;
  std::size_t waiting() const override { return inbox_->waiting(); }

  void work();
  void post(Job job);
  void bring(const messages::Spawn& spawn);
  struct Put {
    std::string refusal;  ///< why they are not there; empty: they are
    bool nobody_has_it = false;
  };
  Put put_files(const messages::Spawn& spawn);
  bool is_unwanted(const messages::AttemptId& attempt);
  void take(messages::ChildExited exited);
  void take_output(messages::ChildExited& exited);
  std::string take_files(const messages::AttemptId& attempt, const messages::Exec& exec,
                         std::vector<messages::Artifact>& taken);
  std::filesystem::path scratch_of(messages::CircuitId circuit) const;

  ChildRunner& runner_;
  ArtifactStore& store_;
  const std::filesystem::path scratch_base_;
  messages::Inbox* inbox_ = nullptr;
  messages::RoleId worker_;
  Elsewhere elsewhere_;

  std::mutex mutex_;  ///< guards what follows
  std::condition_variable changed_;
  std::map<messages::AttemptId, Handled> handled_;
  std::deque<Job> jobs_;
  bool closing_ = false;

  std::vector<std::thread> threads_;
};

}  // namespace queenright::edges
