#pragma once

#include <chrono>
#include <csignal>
#include <cstdint>
#include <functional>
#include <optional>
#include <thread>
#include <utility>

namespace queenright::program {

/// What a signal means: who sends one to a process and to its group, as timeout(1) does, means one.
class Interruptions {
 public:
  enum class Meaning : std::uint8_t { first, same, again };
  Meaning take(std::chrono::steady_clock::time_point now);

 private:
  std::optional<std::chrono::steady_clock::time_point> first_;
};

/// Turns SIGINT, SIGTERM and SIGHUP into calls; the next one, half a second later or more, ends the
/// process at once with 130 (its children are ended by their runner). A service reads its files
/// again at a SIGHUP instead.
class Signals {
 public:
  /// Blocks these signals for the calling thread and all that it starts. Before any thread.
  class Blocked {
   public:
    Blocked();
    ~Blocked();
    Blocked(const Blocked&) = delete;
    Blocked& operator=(const Blocked&) = delete;

   private:
    sigset_t before_;
  };

  /// `interrupted` is called on a thread of its own.
  explicit Signals(std::function<void(int signal)> interrupted)
      : Signals(std::move(interrupted), nullptr) {}

  /// Each SIGHUP is a call of `hung_up`, and ends nothing.
  Signals(std::function<void(int signal)> interrupted, std::function<void()> hung_up);
  ~Signals();
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

 private:
  std::thread thread_;
};

}  // namespace queenright::program
