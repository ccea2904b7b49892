#include "deploy/program/signals.hpp"

#include <pthread.h>
#include <unistd.h>

#include <csignal>
#include <utility>

#include "deploy/program/failure.hpp"
#include "deploy/program/say.hpp"

namespace queenright::program {
namespace {

constexpr int stop_watching = SIGUSR1;
constexpr auto one_interruption = std::chrono::milliseconds{500};

/// What the caller has ignored (nohup, a job in the background) stays ignored.
bool is_ignored(int signal) {
  struct sigaction now {};
  return ::sigaction(signal, nullptr, &now) == 0 && now.sa_handler == SIG_IGN;
}

sigset_t watched() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, stop_watching);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP})
    if (!is_ignored(signal)) sigaddset(&set, signal);
  return set;
}

}  // namespace

Interruptions::Meaning Interruptions::take(std::chrono::steady_clock::time_point now) {
  if (!first_) {
    first_ = now;
    return Meaning::first;
  }
  return now - *first_ < one_interruption ? Meaning::same : Meaning::again;
}

Signals::Blocked::Blocked() {
  const sigset_t set = watched();
  pthread_sigmask(SIG_BLOCK, &set, &before_);
}

Signals::Blocked::~Blocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

Signals::Signals(std::function<void(int)> interrupted, std::function<void()> hung_up)
    : thread_([interrupted = std::move(interrupted), hung_up = std::move(hung_up)] {
        const sigset_t set = watched();
        for (Interruptions interruptions;;) {
          int signal = 0;
          if (sigwait(&set, &signal) != 0 || signal == stop_watching) return;
          if (signal == SIGHUP && hung_up) {
            hung_up();
            continue;
          }
          const auto meaning = interruptions.take(std::chrono::steady_clock::now());
          if (meaning == Interruptions::Meaning::again) {
            say("\nqueenright: ended at once; what it ran is open, and goes on when it is "
                "resumed\n");
            _exit(number_of(ExitCode::interrupted));
          }
          if (meaning == Interruptions::Meaning::first) interrupted(signal);
        }
      }) {}

Signals::~Signals() {
  pthread_kill(thread_.native_handle(), stop_watching);
  thread_.join();
}

}  // namespace queenright::program
