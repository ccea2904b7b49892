#include "actors/edges/runner_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <set>
#include <vector>

#include "actors/edges/process_table.hpp"
#include "messages/ensure.hpp"
#include "messages/input.hpp"
#include "messages/reader.hpp"

namespace queenright::edges {
namespace {

using messages::AttemptOutcome;
using messages::ensure;

constexpr std::size_t descriptors_a_child = 3;
constexpr std::size_t descriptors_of_ours = 32;

std::vector<std::string> values_of(const std::map<std::string, std::string>& variables) {
  std::vector<std::string> values;
  for (const auto& [name, value] : variables) values.push_back(value);
  return values;
}

sigset_t only(int signal) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, signal);
  return set;
}

}  // namespace

RunnerProcess::RunnerProcess(Descriptor socket, std::filesystem::path scratch_base)
    : node_(std::move(socket)),
      scratch_base_(std::move(scratch_base)),
      inherited_(inherited_environment()),
      poll_(::epoll_create1(EPOLL_CLOEXEC)) {
  const sigset_t child_ended = only(SIGCHLD);
  child_ended_ = Descriptor(::signalfd(-1, &child_ended, SFD_CLOEXEC | SFD_NONBLOCK));
  ensure(poll_ && child_ended_, "a new process has descriptors to spare");
  epoll_event event{.events = EPOLLIN, .data = {.u64 = token_of({Source::node, 0})}};
  ::epoll_ctl(poll_.number(), EPOLL_CTL_ADD, node_.number(), &event);
  watch(child_ended_, EPOLLIN, {Source::child_ended, 0});
}

std::uint64_t RunnerProcess::token_of(Origin origin) {
  return static_cast<std::uint64_t>(origin.process) << 8U |
         static_cast<std::uint8_t>(origin.source);
}

RunnerProcess::Origin RunnerProcess::origin_of(std::uint64_t token) {
  return {static_cast<Source>(token & 0xFFU), static_cast<pid_t>(token >> 8U)};
}

void RunnerProcess::watch(const Descriptor& descriptor, std::uint32_t events, Origin origin) {
  epoll_event event{.events = events, .data = {.u64 = token_of(origin)}};
  ensure(::epoll_ctl(poll_.number(), EPOLL_CTL_ADD, descriptor.number(), &event) == 0,
         "an open stream can be watched");
}

void RunnerProcess::run() {
  std::array<epoll_event, 64> events{};
  while (node_is_there_) {
    const int count = ::epoll_wait(poll_.number(), events.data(), events.size(), -1);
    for (int i = 0; i < count; ++i) serve(events[static_cast<std::size_t>(i)]);
    answer();
  }
}

void RunnerProcess::serve(const epoll_event& event) {
  const Origin origin = origin_of(event.data.u64);
  switch (origin.source) {
    case Source::node:
      if ((event.events & ~std::uint32_t{EPOLLOUT}) != 0) serve_node();
      return;
    case Source::child_ended: reap(); return;
    default: serve_child(origin); return;
  }
}

void RunnerProcess::serve_node() {
  node_is_there_ = node_.receive();
  while (const auto frame = node_.next_frame()) {
    auto request = messages::decode<RunnerRequest>(*frame);
    ensure(static_cast<bool>(request), "the node sends what the runner understands");
    std::visit([this](auto&& body) { handle(std::move(body)); }, std::move(request).value().body);
  }
}

void RunnerProcess::serve_child(Origin origin) {
  const auto found = children_.find(origin.process);
  if (found == children_.end()) return;  // it has ended in this very round
  Child& child = found->second;
  if (origin.source == Source::input && child.input()) child.feed_input();
  if (origin.source == Source::output && child.output()) child.read_output();
  if (origin.source == Source::errors && child.errors()) child.read_errors();
}

/// Children and orphans that have exited. They are looked at before they are reaped: until then
/// nobody else can have their id.
void RunnerProcess::reap() {
  signalfd_siginfo ignored{};
  while (::read(child_ended_.number(), &ignored, sizeof ignored) > 0) {
  }
  for (;;) {
    siginfo_t exited{};
    if (::waitid(P_ALL, 0, &exited, WEXITED | WNOHANG | WNOWAIT) != 0 || exited.si_pid == 0) return;
    const auto found = children_.find(exited.si_pid);
    if (found == children_.end()) {
      ::waitpid(exited.si_pid, nullptr, 0);
      continue;
    }
    const messages::AttemptId attempt = found->second.attempt();
    const bool told_to_end = found->second.told_to_end();
    report({attempt, found->second.finish(), told_to_end});
    processes_.erase(attempt);
    children_.erase(found);
  }
}

/// Once a round, so that what ended together is told together.
void RunnerProcess::answer() {
  node_.flush();
  if (node_.has_unsent() == waits_to_send_) return;
  waits_to_send_ = node_.has_unsent();
  const std::uint32_t wanted = waits_to_send_ ? EPOLLIN | EPOLLOUT : EPOLLIN;
  epoll_event event{.events = wanted, .data = {.u64 = token_of({Source::node, 0})}};
  ::epoll_ctl(poll_.number(), EPOLL_CTL_MOD, node_.number(), &event);
}

void RunnerProcess::report(messages::ChildExited exited) {
  ensure(node_.push(std::move(exited)), "an outcome is bounded");
}

std::filesystem::path RunnerProcess::scratch_of(messages::CircuitId circuit) const {
  return scratch_base_ / std::to_string(circuit.value);
}

/// Refused in time, the runner keeps the few descriptors that it needs to end its children.
std::string RunnerProcess::refuse_too_many() const {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  const std::size_t needed = (children_.size() + 1) * descriptors_a_child + descriptors_of_ours;
  if (needed <= limit.rlim_cur) return "";
  return "too many open files: " + std::to_string(children_.size()) +
         " children run already, and the limit is " + std::to_string(limit.rlim_cur) +
         " files (ulimit -n)";
}

void RunnerProcess::handle(messages::Spawn spawn) {
  const auto refuse = [&](std::string reason, bool worker_failed) {
    AttemptOutcome outcome;
    outcome.end = messages::AttemptEnd::not_started;
    outcome.worker_failed = worker_failed;
    outcome.reason = std::move(reason);
    outcome.started = outcome.ended = wall_now();
    report({spawn.attempt, std::move(outcome)});
  };
  if (auto reason = refuse_too_many(); !reason.empty()) return refuse(std::move(reason), true);
  const auto secrets = secret_values(spawn.exec.secrets);
  if (!secrets) return refuse(secrets.reason(), false);
  auto given = inherited_;
  given.insert(secrets.value().begin(), secrets.value().end());
  const std::uint64_t now = ticks_since_boot();
  auto launched = launch(spawn.exec, given, scratch_of(spawn.attempt.circuit));
  if (!launched) return refuse(launched.reason(), false);

  const auto whole = spawn.exec.output == messages::OutputMode::none
                         ? std::filesystem::path()
                         : output_file(scratch_base_, spawn.attempt);
  const pid_t process = launched.value().process;
  unswept_.try_emplace(spawn.attempt.circuit, now);
  processes_[spawn.attempt] = process;
  const auto [entry, is_new] =
      children_.try_emplace(process, spawn.attempt, std::move(launched).value(),
                            std::move(spawn.exec), SecretMask(values_of(secrets.value())), whole);
  ensure(is_new, "a process is reaped before another has its id");
  const Child& child = entry->second;
  if (child.input()) watch(child.input(), EPOLLOUT, {Source::input, process});
  watch(child.output(), EPOLLIN, {Source::output, process});
  watch(child.errors(), EPOLLIN, {Source::errors, process});
}

void RunnerProcess::handle(const messages::EndChild& end) {
  const auto found = processes_.find(end.attempt);
  if (found != processes_.end()) children_.at(found->second).end(end.force);
}

void RunnerProcess::handle(const messages::SweepCircuit& sweep) {
  unswept_.erase(sweep.circuit);
  end_strays();
  std::error_code ignored;  // what a child has made undeletable stays
  std::filesystem::remove_all(scratch_of(sweep.circuit), ignored);
}

/// A child belongs to its circuit. An orphan may belong to every circuit that had begun before it
/// was started, so it ends with the last of them.
bool RunnerProcess::is_wanted(const Process& process) const {
  const auto child = children_.find(process.id);
  if (child != children_.end()) return unswept_.contains(child->second.attempt().circuit);
  return std::any_of(unswept_.begin(), unswept_.end(),
                     [&](const auto& circuit) { return circuit.second <= process.started; });
}

/// Ends what came to the runner and is not wanted, with all that descends from it. Who has been
/// killed forks no more, so a look that finds nobody new is the last one.
void RunnerProcess::end_strays() {
  std::set<pid_t> killed;
  for (bool found_new = true; found_new;) {
    found_new = false;
    const auto processes = running_processes();
    for (const auto& process : processes) {
      if (process.parent != ::getpid() || is_wanted(process)) continue;
      auto family = descendants_of(process.id, processes);
      family.push_back(process);
      for (const auto& member : family)
        if (killed.insert(member.id).second) {
          ::kill(member.id, SIGKILL);
          found_new = true;
        }
    }
  }
}

namespace {

/// Keeps the socket only, as number 3; the standard streams lead nowhere.
Descriptor let_go_of_everything_but(Descriptor socket) {
  const Descriptor above(::fcntl(socket.release(), F_DUPFD_CLOEXEC, 4));  // may be 3 itself
  const int null = ::open("/dev/null", O_RDWR);
  for (int stream = 0; stream <= 2; ++stream) ::dup2(null, stream);
  ::dup3(above.number(), 3, O_CLOEXEC);
  ::close_range(4, ~0U, 0);
  return Descriptor(3);
}

/// The scratch directory belongs to one runner at a time: the next one waits here until the last
/// child of the one before has gone, so no attempt meets what an earlier one left running. None
/// when the node has gone meanwhile.
Descriptor own_scratch(const std::filesystem::path& scratch_base, const Descriptor& node) {
  constexpr int look_again_after = 10;  // ms
  std::filesystem::create_directories(scratch_base);
  Descriptor scratch(::open(scratch_base.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  ensure(static_cast<bool>(scratch), "what was just created can be opened");
  while (::flock(scratch.number(), LOCK_EX | LOCK_NB) != 0) {
    pollfd gone{.fd = node.number(), .events = POLLRDHUP, .revents = 0};
    if (::poll(&gone, 1, look_again_after) > 0) return {};
  }
  return scratch;
}

/// What a node that died has not taken.
void empty_outputs(const std::filesystem::path& scratch_base) {
  std::error_code ignored;
  std::filesystem::remove_all(output_file(scratch_base, {}).parent_path(), ignored);
}

void leave_the_node() {
  ::setsid();
  ::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
  ::prctl(PR_SET_NAME, "queen-runner", 0, 0, 0);
  for (int signal = 1; signal < NSIG; ++signal) ::signal(signal, SIG_DFL);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE}) ::signal(signal, SIG_IGN);
  const sigset_t blocked = only(SIGCHLD);
  ::sigprocmask(SIG_SETMASK, &blocked, nullptr);
  if (::chdir("/") != 0) ::_exit(1);
}

}  // namespace

std::filesystem::path output_file(const std::filesystem::path& scratch_base,
                                  const messages::AttemptId& attempt) {
  return scratch_base / "outputs" /
         (std::to_string(attempt.circuit.value) + "-" + std::to_string(attempt.task.value) + "-" +
          std::to_string(attempt.attempt.value));
}

void be_runner_process(Descriptor socket, const std::filesystem::path& scratch_base) {
  leave_the_node();
  int exit_code = 0;
  Descriptor own;  // given back by the end of the process, after its last child's
  Descriptor node = let_go_of_everything_but(std::move(socket));
  try {
    own = own_scratch(scratch_base, node);
    if (own) {
      empty_outputs(scratch_base);
      RunnerProcess(std::move(node), scratch_base).run();
    }
  } catch (...) {
    exit_code = 1;  // a bug, or no memory; the node says of its attempts that it can't tell
  }
  end_all_descendants();
  ::_exit(exit_code);
}

}  // namespace queenright::edges
