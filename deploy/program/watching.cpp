#include "deploy/program/watching.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <thread>

namespace queenright::program {
namespace {

constexpr auto look_every = std::chrono::seconds{1};
constexpr const char* clear_screen = "\x1b[H\x1b[2J";

}  // namespace

void add_watch(CLI::App& verb, bool& watch) {
  verb.add_flag("--watch", watch, "again whenever it has changed, until interrupted");
}

ExitCode show(bool watch, const std::function<std::string()>& look) {
  const bool terminal = watch && isatty(STDOUT_FILENO) == 1;
  std::string shown;
  for (;;) {
    auto seen = look();
    if (seen != shown) fmt::print("{}{}", terminal ? clear_screen : "", seen);
    if (!watch) return ExitCode::success;
    if (std::fflush(stdout) != 0) return ExitCode::unavailable;  // nobody reads it any more
    shown = std::move(seen);
    std::this_thread::sleep_for(look_every);
  }
}

}  // namespace queenright::program
