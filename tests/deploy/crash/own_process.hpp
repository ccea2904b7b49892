#pragma once

#include <functional>
#include <string>

#include "tests/private_directory.hpp"

/// A hive forks its runner and starts threads, so in these tests each one lives in a process of
/// its own, and the test's own process never has a second thread.
namespace queenright::program::test {

struct Ended {
  int exit_code{};   ///< 128 and the signal, when one ended it; 99: an exception
  std::string said;  ///< on stdout and stderr
};

/// Runs `life` in a child and waits until it and all that it left behind are gone. Its exit
/// code is what `life` gives; a Failure counts as the program takes it.
Ended in_own_process(const std::function<int()>& life);

}  // namespace queenright::program::test
