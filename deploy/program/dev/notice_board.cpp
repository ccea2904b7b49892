#include "deploy/program/dev/notice_board.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <system_error>

namespace queenright::program {
namespace {

void require(bool done) {
  if (!done) throw std::system_error(errno, std::generic_category(), "the notice board");
}

}  // namespace

NoticeBoard::NoticeBoard()
    : descriptor_(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)),
      name_("@queenright-dev-" + std::to_string(getpid())) {
  require(descriptor_ >= 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, name_.data(), name_.size());
  address.sun_path[0] = '\0';  // of the abstract kind: nothing is left of it
  const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name_.size());
  require(bind(descriptor_, reinterpret_cast<const sockaddr*>(&address), length) == 0);
  const int credentials = 1;
  require(setsockopt(descriptor_, SOL_SOCKET, SO_PASSCRED, &credentials, sizeof credentials) == 0);
}

NoticeBoard::~NoticeBoard() { close(descriptor_); }

std::optional<NoticeBoard::Notice> NoticeBoard::next(std::chrono::milliseconds patience) {
  pollfd readable{descriptor_, POLLIN, 0};
  if (poll(&readable, 1, static_cast<int>(patience.count())) <= 0) return std::nullopt;
  std::array<char, 1024> text{};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(ucred))> control{};
  iovec part{text.data(), text.size()};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  const ssize_t length = recvmsg(descriptor_, &message, 0);
  const cmsghdr* header = length < 0 ? nullptr : CMSG_FIRSTHDR(&message);
  if (header == nullptr || header->cmsg_type != SCM_CREDENTIALS) return std::nullopt;
  ucred sender{};
  std::memcpy(&sender, CMSG_DATA(header), sizeof sender);
  return Notice{sender.pid, std::string(text.data(), static_cast<std::size_t>(length))};
}

}  // namespace queenright::program
