#pragma once

#include <sys/types.h>

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "actors/edges/descriptor.hpp"
#include "actors/edges/frame_socket.hpp"
#include "messages/effect.hpp"
#include "messages/inbox.hpp"
#include "messages/result.hpp"

namespace queenright::edges {

/// The node's side of its child processes. All of them are spawned by one runner process
/// (runner_process.hpp), which ends every descendant when this object or this process ends,
/// however that happens.
class ChildRunner {
 public:
  /// Forks the runner. To be called before the process has any thread. Scratch directories of
  /// circuits are made below `scratch_base`.
  static messages::Result<std::unique_ptr<ChildRunner>> start(std::filesystem::path scratch_base);

  /// Ends every descendant, waits until none is left and then for the runner itself. Attempts
  /// still open are not delivered any more.
  ~ChildRunner();
  ChildRunner(const ChildRunner&) = delete;
  ChildRunner& operator=(const ChildRunner&) = delete;

  /// From now on, on a thread of its own, each spawned attempt is delivered to `worker` as one
  /// ChildExited, with the trace and cause it was spawned with. Once only; `inbox` must outlive
  /// this object. `died` is told when the runner process has died, before anything is delivered.
  void attach(messages::Inbox& inbox, messages::RoleId worker,
              std::function<void(const std::string& reason)> died = {});

  // Any thread; they don't block and keep their order. An attempt that is open already is not
  // spawned again. When the runner process has died, open attempts end `unknown` and new ones
  // `not_started`.
  void spawn(messages::TraceId trace, messages::Cause cause, const messages::Spawn& spawn);
  void end(const messages::EndChild& end);
  void sweep(const messages::SweepCircuit& sweep);

  pid_t runner_process() const { return process_; }

 private:
  struct Origin {
    messages::TraceId trace;
    messages::Cause cause;
    std::string refusal;  ///< why the runner will not answer for it; empty: it will
    messages::AttemptEnd end{};
  };
  using Finished = std::pair<Origin, messages::ChildExited>;

  ChildRunner(pid_t process, Descriptor socket, Descriptor wakeup);

  void send_queued();
  void wake();

  // On the thread of its own.
  void deliver_until_stopped(messages::Inbox& inbox, messages::RoleId worker);
  bool wait_for_events();
  std::vector<Finished> take_finished();
  void take_answers(std::vector<Finished>& finished);
  void take_refused(std::vector<Finished>& finished);
  void runner_died();

  const pid_t process_;
  std::function<void(const std::string& reason)> died_;
  const Descriptor wakeup_;
  std::thread thread_;

  std::mutex mutex_;  ///< guards what follows
  FrameSocket socket_;
  std::map<messages::AttemptId, Origin> open_;
  bool stopping_ = false;
  bool runner_gone_ = false;
  bool has_refused_ = false;  ///< some of `open_` are not with the runner
};

}  // namespace queenright::edges
