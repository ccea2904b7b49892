#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "messages/result.hpp"

namespace queenright::program {

/// Where a queen is reached, or where she listens: "tcp://HOST:PORT".
struct Address {
  std::string host;  ///< an IPv4 address, an IPv6 one without brackets, a name, or "*"
  std::uint16_t port{};
  auto operator<=>(const Address&) const = default;
};

std::string text_of(const Address& address);  ///< as ZeroMQ takes it

/// Something to connect to: an address or a name, but none that means every interface.
messages::Result<Address> address_of(std::string_view text);

/// Something to listen on: an address of this machine, or "*", 0.0.0.0 or [::] for all. A name
/// is none: it may mean another machine tomorrow.
messages::Result<Address> listen_address_of(std::string_view text);

/// Whether the host is a name, which a node can't listen on.
bool is_named(const Address& address);

}  // namespace queenright::program
