#include "tests/actors/links/held_port.hpp"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>

namespace queenright::links {

HeldPort::HeldPort() : descriptor_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  const int yes = 1;
  setsockopt(descriptor_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  auto* any = reinterpret_cast<sockaddr*>(&address);
  socklen_t length = sizeof address;
  const bool is_bound =
      bind(descriptor_, any, length) == 0 && getsockname(descriptor_, any, &length) == 0;
  BOOST_REQUIRE_MESSAGE(is_bound, "no port is free");
  number_ = ntohs(address.sin_port);
}

HeldPort::~HeldPort() { close(descriptor_); }

}  // namespace queenright::links
