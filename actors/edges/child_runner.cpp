#include "actors/edges/child_runner.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <system_error>

#include "actors/edges/child.hpp"
#include "actors/edges/process_table.hpp"
#include "actors/edges/runner_process.hpp"
#include "messages/ensure.hpp"
#include "messages/reader.hpp"

namespace queenright::edges {
namespace {

using messages::AttemptEnd;
using messages::ChildExited;
using messages::ensure;
using messages::Refusal;
using messages::Result;

/// What became of the runner, which is left to be reaped.
std::string fate_of(pid_t process) {
  siginfo_t exited{};
  while (::waitid(P_PID, static_cast<id_t>(process), &exited, WEXITED | WNOWAIT) != 0)
    if (errno != EINTR) return "is gone";
  if (exited.si_code == CLD_EXITED) return "exited with code " + std::to_string(exited.si_status);
  return "was ended by signal " + std::to_string(exited.si_status);
}

ChildExited refused(const messages::AttemptId& attempt, AttemptEnd end, std::string reason) {
  ChildExited exited;
  exited.attempt = attempt;
  exited.outcome.end = end;
  exited.outcome.reason = std::move(reason);
  exited.outcome.started = exited.outcome.ended = wall_now();
  return exited;
}

}  // namespace

Result<std::unique_ptr<ChildRunner>> ChildRunner::start(std::filesystem::path scratch_base) {
  std::error_code error;
  scratch_base = std::filesystem::absolute(scratch_base, error);
  if (error) return Refusal{"scratch directory: " + error.message()};
  const auto refuse = [] {
    return Refusal{std::string("the child runner can't be started: ") + std::strerror(errno)};
  };
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) return refuse();
  Descriptor ours(ends[0]);
  Descriptor theirs(ends[1]);
  Descriptor wakeup(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!wakeup) return refuse();
  // A signal that comes before the runner has left the node's session must not end it.
  sigset_t every;
  sigset_t before;
  sigfillset(&every);
  ::pthread_sigmask(SIG_SETMASK, &every, &before);
  const pid_t process = ::fork();
  if (process == 0) be_runner_process(std::move(theirs), scratch_base);
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  if (process < 0) return refuse();
  return std::unique_ptr<ChildRunner>(new ChildRunner(process, std::move(ours), std::move(wakeup)));
}

ChildRunner::ChildRunner(pid_t process, Descriptor socket, Descriptor wakeup)
    : process_(process), wakeup_(std::move(wakeup)), socket_(std::move(socket)) {}

ChildRunner::~ChildRunner() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    socket_.flush();
    socket_.finish();
  }
  wake();
  if (thread_.joinable()) thread_.join();
  while (::waitpid(process_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

void ChildRunner::attach(messages::Inbox& inbox, messages::RoleId worker,
                         std::function<void(const std::string& reason)> died) {
  ensure(!thread_.joinable(), "children are delivered to one worker");
  died_ = std::move(died);
  thread_ = std::thread([this, &inbox, worker] { deliver_until_stopped(inbox, worker); });
}

void ChildRunner::spawn(messages::TraceId trace, messages::Cause cause,
                        const messages::Spawn& spawn) {
  const std::lock_guard lock(mutex_);
  const auto [entry, is_new] = open_.try_emplace(spawn.attempt, Origin{trace, cause, "", {}});
  if (!is_new) return;
  Origin& origin = entry->second;
  origin.end = AttemptEnd::not_started;
  if (runner_gone_)
    origin.refusal = "the runner process of this node has died; start the node again";
  else if (!socket_.push(RunnerRequest{spawn}))
    origin.refusal = "arguments, environment and stdin are larger than 64 MiB together";
  else
    return send_queued();
  has_refused_ = true;
  wake();
}

void ChildRunner::end(const messages::EndChild& end) {
  const std::lock_guard lock(mutex_);
  socket_.push(RunnerRequest{end});
  send_queued();
}

void ChildRunner::sweep(const messages::SweepCircuit& sweep) {
  const std::lock_guard lock(mutex_);
  socket_.push(RunnerRequest{sweep});
  send_queued();
}

/// At once, as far as the socket takes it; the thread sends the rest.
void ChildRunner::send_queued() {
  socket_.flush();
  if (socket_.has_unsent()) wake();
}

void ChildRunner::wake() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(wakeup_.number(), &one, sizeof one);
}

void ChildRunner::deliver_until_stopped(messages::Inbox& inbox, messages::RoleId worker) {
  while (wait_for_events())
    for (auto& [origin, exited] : take_finished())
      inbox.deliver(worker, origin.trace, origin.cause, std::move(exited));
}

bool ChildRunner::wait_for_events() {
  std::array<pollfd, 2> watched{pollfd{wakeup_.number(), POLLIN, 0},
                                pollfd{socket_.number(), POLLIN, 0}};
  nfds_t count = watched.size();
  {
    const std::lock_guard lock(mutex_);
    if (runner_gone_) count = 1;
    if (socket_.has_unsent()) watched[1].events |= POLLOUT;
  }
  ::poll(watched.data(), count, -1);
  std::uint64_t ignored = 0;
  if (watched[0].revents != 0) [[maybe_unused]]
    const auto size = ::read(wakeup_.number(), &ignored, sizeof ignored);
  const std::lock_guard lock(mutex_);
  return !stopping_;
}

std::vector<ChildRunner::Finished> ChildRunner::take_finished() {
  std::vector<Finished> finished;
  const std::lock_guard lock(mutex_);
  if (!runner_gone_) take_answers(finished);
  if (has_refused_) take_refused(finished);
  return finished;
}

void ChildRunner::take_answers(std::vector<Finished>& finished) {
  socket_.flush();
  const bool runner_is_there = socket_.receive();
  while (const auto frame = socket_.next_frame()) {
    auto exited = messages::decode<ChildExited>(*frame);
    ensure(static_cast<bool>(exited), "the runner says what the node understands");
    const auto origin = open_.extract(exited.value().attempt);
    ensure(!origin.empty(), "the runner answers what it was asked, once");
    finished.emplace_back(std::move(origin.mapped()), std::move(exited).value());
  }
  if (!runner_is_there) runner_died();
}

/// What it was running is ended, as far as it is in the runner's session still; whether it had
/// done its work nobody knows.
void ChildRunner::runner_died() {
  const std::string reason = "the runner process of this node " + fate_of(process_);
  end_session(process_);
  for (auto& [attempt, origin] : open_)
    if (origin.refusal.empty()) {
      origin.refusal = reason;
      origin.end = AttemptEnd::unknown;
    }
  runner_gone_ = has_refused_ = true;
  if (died_ && !stopping_) died_(reason);
}

void ChildRunner::take_refused(std::vector<Finished>& finished) {
  for (auto entry = open_.begin(); entry != open_.end();) {
    auto& [attempt, origin] = *entry;
    const auto next = std::next(entry);
    if (!origin.refusal.empty()) {
      finished.emplace_back(origin, refused(attempt, origin.end, origin.refusal));
      open_.erase(entry);
    }
    entry = next;
  }
  has_refused_ = false;
}

}  // namespace queenright::edges
