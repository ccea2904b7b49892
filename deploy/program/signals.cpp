#include "deploy/program/signals.hpp"

#include <pthread.h>
#include <unistd.h>

#include <csignal>
#include <utility>

#include "deploy/program/failure.hpp"

namespace queenright::program {
namespace {

constexpr int stop_watching = SIGUSR1;

sigset_t watched() {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, stop_watching}) sigaddset(&set, signal);
  return set;
}

}  // namespace

Signals::Blocked::Blocked() {
  const sigset_t set = watched();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

Signals::Signals(std::function<void(int)> interrupted)
    : thread_([interrupted = std::move(interrupted)] {
        const sigset_t set = watched();
        for (int count = 1;; ++count) {
          int signal = 0;
          if (sigwait(&set, &signal) != 0 || signal == stop_watching) return;
          if (count > 1) _exit(static_cast<int>(ExitCode::interrupted));
          interrupted(signal);
        }
      }) {}

Signals::~Signals() {
  pthread_kill(thread_.native_handle(), stop_watching);
  thread_.join();
}

}  // namespace queenright::program
