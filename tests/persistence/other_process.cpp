#include "other_process.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <cstdlib>

namespace samples {
namespace {

constexpr auto journal_variable = "QUEENRIGHT_TEST_JOURNAL";
constexpr int pipe_of_child = 9;

}  // namespace

OtherProcess::OtherProcess(const std::string& test_case, const std::filesystem::path& journal) {
  int ends[2] = {-1, -1};
  BOOST_REQUIRE_EQUAL(::pipe2(ends, O_CLOEXEC), 0);
  const std::string variable = std::string(journal_variable) + "=" + journal.string();
  const std::string chosen = "--run_test=" + test_case;
  const std::string program = std::filesystem::read_symlink("/proc/self/exe").string();
  id_ = ::fork();
  BOOST_REQUIRE_GE(id_, 0);
  if (id_ == 0) {  // only what is safe after a fork of several threads
    char* const arguments[] = {const_cast<char*>(program.c_str()),
                               const_cast<char*>(chosen.c_str()), nullptr};
    char* const environment[] = {const_cast<char*>(variable.c_str()), nullptr};
    ::dup2(ends[1], pipe_of_child);
    const int nothing = ::open("/dev/null", O_WRONLY);
    ::dup2(nothing, STDOUT_FILENO);
    ::dup2(nothing, STDERR_FILENO);
    ::execve(program.c_str(), arguments, environment);
    ::_exit(127);
  }
  ::close(ends[1]);
  pipe_ = ends[0];
}

OtherProcess::~OtherProcess() {
  kill();
  ::close(pipe_);
}

void OtherProcess::kill() {
  if (id_ == 0) return;
  ::kill(id_, SIGKILL);
  ::waitpid(id_, nullptr, 0);
  id_ = 0;
}

void OtherProcess::wait_for_line(const std::string& line) {
  std::string read;
  char byte = 0;
  while (::read(pipe_, &byte, 1) == 1) {
    read += byte;
    if (read.ends_with(line + "\n")) return;
  }
  BOOST_FAIL("the other process ended; it said: " + read);
}

std::string OtherProcess::rest_until_exit() {
  std::string read;
  char byte = 0;
  while (::read(pipe_, &byte, 1) == 1) read += byte;
  return read;
}

std::filesystem::path OtherProcess::journal() {
  const char* path = std::getenv(journal_variable);
  BOOST_REQUIRE_MESSAGE(path != nullptr, "only run by another test");
  return path;
}

void OtherProcess::tell(const std::string& line) {
  const std::string bytes = line + "\n";
  BOOST_REQUIRE_EQUAL(::write(pipe_of_child, bytes.data(), bytes.size()),
                      static_cast<ssize_t>(bytes.size()));
}

}  // namespace samples
