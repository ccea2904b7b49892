#pragma once

#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "actors/edges/child_runner.hpp"
#include "tests/private_directory.hpp"

/// What the tests of child processes share: a runner, its scratch, and an inbox to wait on.
namespace queenright::edges::test {

inline constexpr std::chrono::seconds patience{60};

/// Keeps what is delivered.
class Mailbox : public messages::Inbox {
 public:
  struct Letter {
    messages::RoleId to;
    messages::TraceId trace;
    messages::Cause cause;
    messages::ChildExited exited;
  };

  void deliver(messages::RoleId to, messages::TraceId trace, messages::Cause cause,
               messages::Input::Body body) override;
  std::size_t waiting() const override { return 0; }
  Letter wait_for(const messages::AttemptId& attempt);
  void wait_for_count(std::size_t count);
  std::map<messages::AttemptId, Letter> letters();

 private:
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::map<messages::AttemptId, Letter> letters_;
};

/// A runner at work, as a node has it.
class Children {
 public:
  Children();

  messages::AttemptId spawn(messages::Exec exec, std::uint64_t circuit = 1);
  messages::AttemptOutcome wait_for(const messages::AttemptId& attempt);
  messages::AttemptOutcome run(messages::Exec exec);
  messages::AttemptOutcome run(std::vector<std::string> argv);
  messages::AttemptOutcome shell(const std::string& script);

  std::filesystem::path scratch(std::uint64_t circuit = 1) const;
  ChildRunner& runner() { return *runner_; }
  Mailbox& mailbox() { return mailbox_; }
  void stop() { runner_.reset(); }

 private:
  PrivateDirectory directory_;
  Mailbox mailbox_;
  std::unique_ptr<ChildRunner> runner_;
  std::uint32_t tasks_ = 0;
};

messages::Exec script(const std::string& text);
std::string text_of(const messages::AttemptOutcome& outcome);

/// The number which a child writes, with a newline, to a file; waits until it is there.
pid_t process_in(const std::filesystem::path& file);
bool is_running(pid_t process);

/// Waits until the process has ended, at most `patience`.
bool ends(pid_t process);

/// Waits until it holds, at most `patience`.
template <class Condition>
bool eventually(Condition condition) {
  const auto end = std::chrono::steady_clock::now() + patience;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::yield();
  }
  return true;
}

}  // namespace queenright::edges::test
