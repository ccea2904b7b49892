#include "actors/links/exit_probe.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>

namespace queenright::links {
namespace {
BOOST_AUTO_TEST_SUITE(exit_probe)

/// A socket that listens on a port of its own, and accepts nobody.
class Listener {
 public:
  Listener() : descriptor_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    BOOST_REQUIRE(bind(descriptor_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
    BOOST_REQUIRE(listen(descriptor_, 8) == 0);
    endpoint_.length = sizeof endpoint_.address;
    getsockname(descriptor_, reinterpret_cast<sockaddr*>(&endpoint_.address), &endpoint_.length);
  }
  ~Listener() { end(); }
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  void end() {
    if (descriptor_ >= 0) close(descriptor_);
    descriptor_ = -1;
  }
  const Endpoint& endpoint() const { return endpoint_; }

 private:
  int descriptor_;
  Endpoint endpoint_;
};

ExitProbe::Finding finding_of(ExitProbe& probe) {
  pollfd writable{probe.descriptor(), POLLOUT, 0};
  BOOST_REQUIRE(poll(&writable, 1, 60'000) == 1);
  return probe.finding();
}

BOOST_AUTO_TEST_CASE(who_listens_is_found) {
  const Listener listener;
  ExitProbe probe(listener.endpoint());
  BOOST_CHECK(finding_of(probe) == ExitProbe::Finding::listens);
}

BOOST_AUTO_TEST_CASE(where_nobody_listens_any_more_the_host_refuses) {
  Listener listener;
  listener.end();
  ExitProbe probe(listener.endpoint());
  BOOST_CHECK(finding_of(probe) == ExitProbe::Finding::refused);
}

// It is about to end: the next probe is refused.
BOOST_AUTO_TEST_CASE(who_closes_the_door_behind_a_probe_has_still_listened) {
  Listener listener;
  ExitProbe probe(listener.endpoint());
  listener.end();
  BOOST_CHECK(finding_of(probe) == ExitProbe::Finding::listens);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace queenright::links
