#include "deploy/program/faults/fault_control.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <system_error>

namespace queenright::program {

using messages::Refusal;
using messages::Result;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

Result<bool> FaultControl::tell(const FaultOrder& order, milliseconds patience) {
  const std::string line = text_of(order) + '\n';
  const auto sent = ::send(socket_.number(), line.data(), line.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  if (sent != static_cast<ssize_t>(line.size())) return Refusal{"it does not listen any more"};
  const auto answer = next_line(patience);
  if (!answer) {
    socket_.close();  // a late answer is none to the next order; and the node heals
    return Refusal{answer.reason()};
  }
  if (answer.value() != "ok") return Refusal{text_of(order) + ": " + answer.value()};
  return true;
}

Result<std::string> FaultControl::next_line(milliseconds patience) {
  const auto until = steady_clock::now() + patience;
  for (;;) {
    if (const auto end = heard_.find('\n'); end != std::string::npos) {
      std::string line = heard_.substr(0, end);
      heard_.erase(0, end + 1);
      return line;
    }
    const auto left = std::chrono::ceil<milliseconds>(until - steady_clock::now());
    if (left <= milliseconds{})
      return Refusal{"it has not answered for " + std::to_string(patience.count()) + " ms"};
    pollfd readable{socket_.number(), POLLIN, 0};
    if (::poll(&readable, 1, static_cast<int>(left.count())) <= 0) continue;
    std::array<char, 1024> chunk;
    const auto count = ::recv(socket_.number(), chunk.data(), chunk.size(), MSG_DONTWAIT);
    if (count <= 0) return Refusal{"it has ended"};
    heard_.append(chunk.data(), static_cast<std::size_t>(count));
  }
}

FaultLineEnds make_fault_line() {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
    throw std::system_error(errno, std::generic_category(), "no fault line");
  return {edges::Descriptor(ends[0]), edges::Descriptor(ends[1])};
}

}  // namespace queenright::program
