#include "own_process.hpp"

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>

#include "deploy/program/failure.hpp"

namespace queenright::program::test {

namespace fs = std::filesystem;

namespace {

constexpr int threw = 99;

std::ptrdiff_t threads_here() {
  return std::distance(fs::directory_iterator("/proc/self/task"), fs::directory_iterator());
}

[[noreturn]] void live(const std::function<int()>& life, const fs::path& said) {
  int exit_code = threw;
  if (std::freopen(said.c_str(), "w", stderr) == nullptr || dup2(fileno(stderr), 1) != 1)
    _exit(threw);
  try {
    exit_code = life();
  } catch (const Failure& failure) {
    std::fprintf(stderr, "%s\n", failure.what());
    exit_code = number_of(failure.exit_code());
  } catch (const std::exception& unexpected) {
    std::fprintf(stderr, "%s\n", unexpected.what());
  }
  std::fflush(nullptr);  // a reopened stderr is buffered
  _exit(exit_code);
}

}  // namespace

Ended in_own_process(const std::function<int()>& life) {
  const PrivateDirectory directory;
  const auto said = directory.path() / "said";
  BOOST_REQUIRE_EQUAL(threads_here(), 1);
  BOOST_REQUIRE_EQUAL(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);  // its runner is waited for, too
  std::cout.flush();
  std::fflush(nullptr);  // what this process has yet to say is not the child's to say
  const pid_t child = fork();
  BOOST_REQUIRE(child >= 0);
  if (child == 0) live(life, said);
  int status = 0;
  BOOST_REQUIRE_EQUAL(waitpid(child, &status, 0), child);
  while (waitpid(-1, nullptr, 0) > 0) continue;
  std::ifstream file(said);
  return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status),
          {std::istreambuf_iterator<char>(file), {}}};
}

}  // namespace queenright::program::test
