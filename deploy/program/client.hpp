#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <variant>
#include <vector>

#include "messages/effect.hpp"
#include "messages/input.hpp"

namespace queenright::program {

/// The command line as a client of the hive in its own process: asks with a key, repeats until
/// the answer is final, hears of events.
class Client {
 public:
  /// A signal for this process.
  struct Interrupted {
    int signal;
  };
  using Happening = std::variant<messages::Events, messages::StopNode, Interrupted>;

  using Say = std::function<void(messages::TraceId, messages::Envelope)>;

  /// `say` takes an envelope to the queen.
  Client(messages::NodeId node, Say say)
      : own_{node, {messages::RoleKind::client, 1}}, say_(std::move(say)) {}

  /// All that is asked from now on belongs to this trace.
  void begin_trace(messages::TraceId trace) { trace_ = trace; }

  /// Blocks until the answer is final. Throws Failure when the node stops before that.
  messages::Reply ask(const messages::Submit& submit);

  void watch(messages::CircuitId circuit);

  /// The next happening, or nothing within `wait`.
  std::optional<Happening> next(std::chrono::milliseconds wait);

  // Any thread.
  void take(messages::Send send);
  void happen(Happening happening);

 private:
  const messages::Address own_;
  const Say say_;
  messages::TraceId trace_;

  std::mutex mutex_;  ///< guards what follows
  std::condition_variable changed_;
  std::vector<messages::Reply> replies_;
  std::deque<Happening> happenings_;
  std::optional<messages::StopNode> stop_;
};

}  // namespace queenright::program
