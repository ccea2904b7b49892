#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <string>

#include "messages/ensure.hpp"

// bench_spawn_loop COUNT AT_ONCE PROGRAM [ARGUMENT...]: spawns and reaps COUNT children, AT_ONCE
// of them at any time, and prints how many a second.
int main(int argc, char** argv) {
  using queenright::messages::ensure;
  ensure(argc >= 4, "usage: bench_spawn_loop COUNT AT_ONCE PROGRAM [ARGUMENT...]");
  const unsigned long count = std::stoul(argv[1]);
  const unsigned long at_once = std::stoul(argv[2]);
  unsigned long spawned = 0;
  const auto began = std::chrono::steady_clock::now();
  for (unsigned long reaped = 0; reaped < count; ++reaped) {
    for (; spawned < count && spawned - reaped < at_once; ++spawned) {
      pid_t child = 0;
      ensure(posix_spawnp(&child, argv[3], nullptr, nullptr, argv + 3, environ) == 0,
             "the program can be spawned");
    }
    int status = 0;
    ensure(wait(&status) > 0 && status == 0, "the child succeeds");
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  std::printf("%.0f\n", static_cast<double>(count) / took.count());
}
