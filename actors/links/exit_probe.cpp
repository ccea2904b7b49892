#include "actors/links/exit_probe.hpp"

#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace queenright::links {
namespace {

ExitProbe::Finding finding_of(int error) {
  const bool thrown_out = error == ECONNRESET;  // let in by a process that ended then
  if (error == 0 || thrown_out) return ExitProbe::Finding::listens;
  if (error == ECONNREFUSED) return ExitProbe::Finding::refused;
  return ExitProbe::Finding::unknown;
}

}  // namespace

std::optional<Endpoint> resolve(const std::string& address) {
  constexpr std::string_view scheme = "tcp://";
  const auto colon = address.rfind(':');
  if (!address.starts_with(scheme) || colon < scheme.size()) return std::nullopt;
  std::string host = address.substr(scheme.size(), colon - scheme.size());
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (getaddrinfo(host.c_str(), address.c_str() + colon + 1, &hints, &found) != 0)
    return std::nullopt;
  Endpoint endpoint;
  std::memcpy(&endpoint.address, found->ai_addr, found->ai_addrlen);
  endpoint.length = found->ai_addrlen;
  freeaddrinfo(found);
  return endpoint;
}

ExitProbe::ExitProbe(const Endpoint& endpoint)
    : descriptor_(
          socket(endpoint.address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)) {
  if (descriptor_ < 0) {
    finding_ = Finding::unknown;
    return;
  }
  const auto* address = reinterpret_cast<const sockaddr*>(&endpoint.address);
  const int error = connect(descriptor_, address, endpoint.length) == 0 ? 0 : errno;
  if (error != EINPROGRESS) finding_ = finding_of(error);
}

ExitProbe::~ExitProbe() {
  if (descriptor_ >= 0) close(descriptor_);
}

ExitProbe::Finding ExitProbe::finding() {
  if (finding_ != Finding::none_yet) return finding_;
  pollfd writable{descriptor_, POLLOUT, 0};
  if (poll(&writable, 1, 0) <= 0) return finding_;
  int error = 0;
  socklen_t length = sizeof error;
  getsockopt(descriptor_, SOL_SOCKET, SO_ERROR, &error, &length);
  return finding_ = finding_of(error);
}

}  // namespace queenright::links
