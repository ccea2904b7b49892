#include "tests/actors/edges/children.hpp"

#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <stdexcept>

#include "actors/edges/descriptor.hpp"

namespace queenright::edges::test {

using messages::AttemptId;
using messages::AttemptOutcome;
using messages::Exec;

void Mailbox::deliver(messages::RoleId to, messages::TraceId trace, messages::Cause cause,
                      messages::Input::Body body) {
  const std::lock_guard lock(mutex_);
  auto exited = std::get<messages::ChildExited>(std::move(body));
  const AttemptId attempt = exited.attempt;
  if (!letters_.try_emplace(attempt, Letter{to, trace, cause, std::move(exited)}).second)
    throw std::logic_error("an attempt was delivered twice");
  arrived_.notify_all();
}

Mailbox::Letter Mailbox::wait_for(const AttemptId& attempt) {
  std::unique_lock lock(mutex_);
  if (!arrived_.wait_for(lock, patience, [&] { return letters_.contains(attempt); }))
    throw std::runtime_error("no exit was delivered in time");
  return letters_.at(attempt);
}

void Mailbox::wait_for_count(std::size_t count) {
  std::unique_lock lock(mutex_);
  if (!arrived_.wait_for(lock, patience, [&] { return letters_.size() >= count; }))
    throw std::runtime_error("too few exits were delivered in time");
}

std::map<AttemptId, Mailbox::Letter> Mailbox::letters() {
  const std::lock_guard lock(mutex_);
  return letters_;
}

Children::Children() : runner_(ChildRunner::start(directory_.path() / "scratch").value()) {
  runner_->attach(mailbox_, messages::worker_role());
}

AttemptId Children::spawn(Exec exec, std::uint64_t circuit) {
  const AttemptId attempt{{circuit}, {++tasks_}, {1}};
  runner_->spawn({7}, {}, {attempt, std::move(exec)});
  return attempt;
}

AttemptOutcome Children::wait_for(const AttemptId& attempt) {
  return mailbox_.wait_for(attempt).exited.outcome;
}

AttemptOutcome Children::run(Exec exec) { return wait_for(spawn(std::move(exec))); }

AttemptOutcome Children::run(std::vector<std::string> argv) {
  Exec exec;
  exec.argv = std::move(argv);
  return run(std::move(exec));
}

AttemptOutcome Children::shell(const std::string& text) { return run(script(text)); }

std::filesystem::path Children::scratch(std::uint64_t circuit) const {
  return directory_.path() / "scratch" / std::to_string(circuit);
}

Exec script(const std::string& text) {
  Exec exec;
  exec.argv = {"sh", "-c", text};
  return exec;
}

std::string text_of(const AttemptOutcome& outcome) {
  const std::string* text = outcome.output.text();
  return text == nullptr ? "(no text: " + outcome.reason + ")" : *text;
}

pid_t process_in(const std::filesystem::path& file) {
  std::string line;
  eventually([&] {
    std::ifstream in(file);
    return std::getline(in, line) && !in.eof();
  });
  return line.empty() ? 0 : std::stoi(line);
}

bool is_running(pid_t process) {
  const Descriptor handle(static_cast<int>(::syscall(SYS_pidfd_open, process, 0)));
  pollfd watched{handle.number(), POLLIN, 0};
  return handle && ::poll(&watched, 1, 0) == 0;
}

bool ends(pid_t process) {
  constexpr int patience_milliseconds = 60'000;
  const Descriptor handle(static_cast<int>(::syscall(SYS_pidfd_open, process, 0)));
  pollfd watched{handle.number(), POLLIN, 0};
  return !handle || ::poll(&watched, 1, patience_milliseconds) == 1;
}

}  // namespace queenright::edges::test
