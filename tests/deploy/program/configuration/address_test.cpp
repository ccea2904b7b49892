#include "deploy/program/configuration/address.hpp"

#include <boost/test/unit_test.hpp>

namespace queenright::program {
namespace {
BOOST_AUTO_TEST_SUITE(address)

bool reachable(std::string_view text) { return static_cast<bool>(address_of(text)); }
bool listenable(std::string_view text) { return static_cast<bool>(listen_address_of(text)); }

BOOST_AUTO_TEST_CASE(an_address_is_a_host_and_a_port_and_reads_as_it_is_written) {
  for (const std::string text : {"tcp://10.0.0.1:7401", "tcp://[fd00::1]:1", "tcp://a:65535",
                                 "tcp://queen-1.example.org:7401", "tcp://a_b:7401"}) {
    const auto address = address_of(text);
    BOOST_REQUIRE_MESSAGE(address, text);
    BOOST_TEST(text_of(address.value()) == text);
  }
  BOOST_TEST(address_of("tcp://[fd00::1]:7401").value().host == "fd00::1");
  BOOST_TEST(address_of("tcp://[fd00::1]:7401").value().port == 7401);
}

BOOST_AUTO_TEST_CASE(what_is_no_address_is_refused) {
  for (const std::string text : {"",
                                 "tcp://",
                                 "10.0.0.1:7401",
                                 "udp://10.0.0.1:7401",
                                 "tcp://10.0.0.1",
                                 "tcp://10.0.0.1:",
                                 "tcp://10.0.0.1:0",
                                 "tcp://10.0.0.1:65536",
                                 "tcp://10.0.0.1:+1",
                                 "tcp://10.0.0.1:7401 ",
                                 "tcp://:7401",
                                 "tcp://10.0.0.300:7401",
                                 "tcp://10.0.0:7401",
                                 "tcp://fd00::1:7401",
                                 "tcp://[10.0.0.1]:7401",
                                 "tcp://[a]:7401",
                                 "tcp://[fd00::1:7401",
                                 "tcp://a..b:7401",
                                 "tcp://-a:7401",
                                 "tcp://a-:7401",
                                 "tcp://a b:7401",
                                 "tcp://a/b:7401",
                                 "ipc:///tmp/a"})
    BOOST_TEST(!reachable(text), text);
  BOOST_TEST(!reachable("tcp://" + std::string(64, 'a') + ":7401"));
  BOOST_TEST(!reachable(std::string("tcp://a\0b:7401", 14)));
}

BOOST_AUTO_TEST_CASE(every_interface_can_be_listened_on_but_not_reached) {
  for (const auto* text : {"tcp://*:7401", "tcp://0.0.0.0:7401", "tcp://[::]:7401"}) {
    BOOST_TEST(listenable(text), text);
    BOOST_TEST(!reachable(text), text);
  }
}

BOOST_AUTO_TEST_CASE(a_name_can_be_reached_but_not_listened_on) {
  BOOST_TEST(reachable("tcp://a.example.org:7401"));
  BOOST_TEST(is_named(address_of("tcp://a.example.org:7401").value()));
  BOOST_TEST(!is_named(address_of("tcp://[::1]:7401").value()));
  const auto listening = listen_address_of("tcp://a.example.org:7401");
  BOOST_REQUIRE(!listening);
  BOOST_TEST(listening.reason().find("a name can't be listened on") != std::string::npos);
  BOOST_TEST(listenable("tcp://10.0.0.1:7401"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace queenright::program
