#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <variant>
#include <vector>

#include "messages/client_frame.hpp"
#include "messages/effect.hpp"

namespace queenright::program {

/// The command line as a client: asks with a key, repeats until the answer is final, hears of
/// events, each once. Its hive may be in its own process, or elsewhere.
class Client {
 public:
  struct Said {
    messages::TraceId trace;
    std::vector<messages::Item> items;
    std::vector<messages::NodeQuestion> questions;
  };

  /// A signal for this process.
  struct Interrupted {
    int signal;
  };
  using Happening = std::variant<messages::Events, messages::StopNode, Interrupted>;

  /// `say` brings it to a queen, or loses it. `move_on` goes to another one of the hive's `queens`;
  /// `moved` is called when that is done. None: its hive is in its own process, and nothing is lost
  /// on the way.
  explicit Client(
      std::function<void(const Said&)> say, std::function<void()> move_on = [] {},
      std::size_t queens = 0)
      : say_(std::move(say)), move_on_(std::move(move_on)), queens_(queens) {}

  /// All that is asked from now on belongs to this trace.
  void begin_trace(messages::TraceId trace);

  // These block until the answer is final. A queen who says nothing, or that it can't be done now,
  // is left after a while. They throw Failure when the node stops, or no queen has answered for
  // long.
  messages::Reply ask(const messages::Submit& submit);
  messages::Answer ask(const messages::Read& read);
  messages::Answer ask(const messages::Inspect& inspect);
  messages::NodeAnswer ask(const messages::NodeQuestion& question);

  /// Of one queen after the other, until one has it: one may not have heard of it yet, or may have
  /// lost it with her journal.
  messages::NodeAnswer ask_all(messages::NodeQuestion question);

  /// What happens from now on; or since this entry, if that is still known. Said again, it goes on
  /// after what was heard last.
  void watch(messages::CircuitId circuit, messages::LogIndex since = {});

  /// The next happening, or nothing within `wait`. What has happened in a run while no queen was
  /// connected, and is more than she remembers, is asked of the journals first; where none has it
  /// either, the events say so (`missed`).
  std::optional<Happening> next(std::chrono::milliseconds wait);

  // Any thread.
  void take(std::vector<messages::Item> items);
  void take(messages::NodeAnswer answer);
  void happen(Happening happening);

  /// Another queen is connected: what waits for an answer is said again, and so is what is
  /// watched.
  void moved();

  /// For how long it asks without any answer; forever, unless this is said.
  void give_up_after(std::chrono::milliseconds patience) { patience_ = patience; }

 private:
  template <class Given, class Mine>
  std::optional<Given> wait_for(std::vector<Given>& given, const Mine& mine, std::uint64_t moves);
  template <class Given, class Mine>
  Given asked(const Said& said, std::vector<Given>& given, const Mine& mine,
              std::chrono::milliseconds leave);
  std::optional<Happening> first(std::chrono::milliseconds wait);
  void hear(messages::Events& events);
  bool is_behind(const messages::Events& events) const;
  messages::Events missed_before(const messages::Events& events);
  std::uint64_t moves() const;

  const std::function<void(const Said&)> say_;
  const std::function<void()> move_on_;
  const std::size_t queens_;
  std::optional<std::chrono::milliseconds> patience_;

  mutable std::mutex mutex_;  ///< guards what follows
  std::condition_variable changed_;
  std::vector<messages::Reply> replies_;
  std::vector<messages::Answer> read_;
  std::vector<messages::NodeAnswer> answers_;
  std::deque<Happening> happenings_;
  std::optional<messages::StopNode> stop_;
  struct Watched {
    messages::LogIndex heard;  ///< the last entry
    bool over = false;         ///< and so it was heard
  };
  std::map<messages::CircuitId, Watched> watched_;
  std::uint64_t moves_ = 0;
  messages::TraceId trace_;  ///< written by the one who asks, who may read it as he likes
};

}  // namespace queenright::program
