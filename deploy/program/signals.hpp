#pragma once

#include <csignal>
#include <functional>
#include <thread>

namespace queenright::program {

/// Turns SIGINT, SIGTERM and SIGHUP into calls; the second one ends the process at once with
/// 130 (its children are ended by their runner).
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
  explicit Signals(std::function<void(int signal)> interrupted);
  ~Signals();
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

 private:
  std::thread thread_;
};

}  // namespace queenright::program
