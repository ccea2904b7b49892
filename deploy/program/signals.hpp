#pragma once

#include <csignal>
#include <functional>
#include <thread>
#include <utility>

namespace queenright::program {

/// Turns SIGINT, SIGTERM and SIGHUP into calls; the second one ends the process at once with
/// 130 (its children are ended by their runner). A service reads its files again at a SIGHUP
/// instead.
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
