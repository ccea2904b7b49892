#pragma once

#include <filesystem>
#include <functional>
#include <string>

/// A hive forks its runner and starts threads, so in these tests each one lives in a process of
/// its own, and the test's own process never has a second thread.
namespace queenright::program::test {

/// A directory of one test, gone with it.
class PrivateDirectory {
 public:
  PrivateDirectory();
  ~PrivateDirectory();
  PrivateDirectory(const PrivateDirectory&) = delete;
  PrivateDirectory& operator=(const PrivateDirectory&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

struct Ended {
  int exit_code{};   ///< 128 and the signal, when one ended it; 99: an exception
  std::string said;  ///< on stdout and stderr
};

/// Runs `life` in a child and waits until it and all that it left behind are gone. Its exit
/// code is what `life` gives; a Failure counts as the program takes it.
Ended in_own_process(const std::function<int()>& life);

}  // namespace queenright::program::test
