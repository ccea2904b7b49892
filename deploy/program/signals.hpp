#pragma once

#include <functional>
#include <thread>

namespace queenright::program {

/// Turns SIGINT, SIGTERM and SIGHUP into calls; the second one ends the process at once with
/// 130 (its children are ended by their runner).
class Signals {
 public:
  /// Blocks these signals for the calling thread and all that it starts. Before any thread.
  struct Blocked {
    Blocked();
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
