#include "actors/edges/child.hpp"

#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>

#include "actors/edges/json_value.hpp"

namespace queenright::edges {
namespace {

using messages::AttemptEnd;
using messages::AttemptOutcome;
using messages::OutputMode;
using messages::Value;

constexpr std::size_t piece_size = std::size_t{64} << 10U;

template <class Sink>
void append(std::string_view bytes, SecretMask& mask, Sink& sink) {
  if (mask.masks())
    sink.append(mask.next(bytes));
  else
    sink.append(bytes);
}

/// Reads one piece of at most `limit` bytes into `sink`; how much it was. Closes at the end.
template <class Sink>
std::size_t read_piece(Descriptor& stream, std::size_t limit, SecretMask& mask, Sink& sink) {
  std::array<char, piece_size> piece;
  const auto size = ::read(stream.number(), piece.data(), std::min(limit, piece.size()));
  if (size < 0 && (errno == EAGAIN || errno == EINTR)) return 0;
  if (size <= 0) {
    stream.close();
    return 0;
  }
  append({piece.data(), static_cast<std::size_t>(size)}, mask, sink);
  return static_cast<std::size_t>(size);
}

/// Takes what is in the stream now, and no more: a process that got away may go on writing.
template <class Sink>
void read_rest(Descriptor& stream, SecretMask& mask, Sink& sink) {
  int waiting = 0;
  if (stream && ::ioctl(stream.number(), FIONREAD, &waiting) != 0) waiting = 0;
  for (auto rest = static_cast<std::size_t>(waiting); rest > 0;) {
    const std::size_t size = read_piece(stream, rest, mask, sink);
    if (size == 0) break;
    rest -= size;
  }
  sink.append(mask.rest());
}

messages::Duration duration_of(const timeval& time) {
  return std::chrono::seconds(time.tv_sec) + std::chrono::microseconds(time.tv_usec);
}

}  // namespace

messages::WallTime wall_now() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return {std::chrono::duration_cast<std::chrono::milliseconds>(now).count()};
}

Child::Child(messages::AttemptId attempt, Launched launched, messages::Exec exec,
             const SecretMask& mask, std::filesystem::path whole)
    : attempt_(attempt),
      streams_(std::move(launched)),
      mode_(exec.output),
      to_say_(std::move(exec.stdin_text)),
      output_mask_(mask),
      output_(std::move(whole)),
      errors_mask_(mask),
      started_(wall_now()) {
  feed_input();
}

void Child::feed_input() {
  while (said_ < to_say_.size() && streams_.input) {
    const auto count =
        ::write(streams_.input.number(), to_say_.data() + said_, to_say_.size() - said_);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && errno == EAGAIN) return;
    if (count < 0) break;  // nobody listens: its right
    said_ += static_cast<std::size_t>(count);
  }
  streams_.input.close();
  std::string().swap(to_say_);
}

void Child::read_output() { read_piece(streams_.output, piece_size, output_mask_, output_); }
void Child::read_errors() { read_piece(streams_.errors, piece_size, errors_mask_, errors_); }

void Child::end(bool force) {
  told_to_end_ = true;
  if (!force) {
    ::kill(-streams_.process, SIGTERM);
    ::kill(-streams_.process, SIGCONT);  // who is stopped can't even be told to end
    return;
  }
  ::kill(-streams_.process, SIGKILL);
  ::kill(streams_.process, SIGKILL);  // it may have left its group
}

AttemptOutcome Child::finish() {
  ::kill(-streams_.process, SIGKILL);
  read_rest(streams_.output, output_mask_, output_);
  read_rest(streams_.errors, errors_mask_, errors_);
  int status = 0;
  rusage usage{};
  ::wait4(streams_.process, &status, 0, &usage);

  AttemptOutcome outcome;
  outcome.end = WIFSIGNALED(status) ? AttemptEnd::signalled : AttemptEnd::exited;
  outcome.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 0;
  outcome.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  std::string refusal;
  outcome.output = kept_output(refusal);
  if (WIFEXITED(status) && outcome.exit_code == 0) outcome.reason = std::move(refusal);
  outcome.output_cut = mode_ != OutputMode::none && output_.cut();
  outcome.output_size = output_.size();
  outcome.output_digest = output_.digest();
  outcome.diagnostics = errors_.kept();
  outcome.started = started_;
  outcome.ended = wall_now();
  outcome.took = std::chrono::steady_clock::now() - began_;
  outcome.processor_time = duration_of(usage.ru_utime) + duration_of(usage.ru_stime);
  outcome.peak_memory = static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
  return outcome;
}

/// A child that failed has a better reason than the form of its output: the caller decides.
Value Child::kept_output(std::string& refusal) const {
  const std::string& kept = output_.kept();
  if (mode_ == OutputMode::none) return {};
  if (mode_ == OutputMode::text) {
    const bool has_newline = !output_.cut() && kept.ends_with('\n');
    return kept.substr(0, kept.size() - (has_newline ? 1 : 0));
  }
  if (output_.cut()) {
    refusal = "output is not JSON: only the first " + std::to_string(kept.size()) + " of " +
              std::to_string(output_.size()) + " bytes were kept";
    return {};
  }
  auto value = decode_json(kept);
  if (value) return output_mask_.masked(std::move(value).value());  // it may have been escaped
  refusal = "output is not JSON: " + *output_mask_.masked(Value(value.reason())).text();
  return {};
}

}  // namespace queenright::edges
