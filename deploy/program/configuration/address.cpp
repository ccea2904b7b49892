#include "deploy/program/configuration/address.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

#include "deploy/program/document/problems.hpp"
#include "deploy/program/document/values.hpp"

namespace queenright::program {
namespace {

using messages::Refusal;
using messages::Result;

constexpr std::string_view protocol = "tcp://";

bool is_of_family(int family, const std::string& host) {
  std::array<unsigned char, sizeof(in6_addr)> bytes{};
  return ::inet_pton(family, host.c_str(), bytes.data()) == 1;
}

bool is_ipv4(const std::string& host) { return is_of_family(AF_INET, host); }
bool is_ipv6(const std::string& host) { return is_of_family(AF_INET6, host); }

/// Labels of letters, digits, '-' and '_', as in /etc/hosts and DNS; the last one is no number,
/// so that a mistyped IPv4 address is no name.
bool is_host_name(std::string_view host) {
  static constexpr std::size_t longest_host = 253;
  static constexpr std::size_t longest_label = 63;
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  const auto fits = [&](char c) {
    return digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
  };
  if (host.empty() || host.size() > longest_host) return false;
  while (true) {
    const std::string_view label = host.substr(0, host.find('.'));
    const bool good = !label.empty() && label.size() <= longest_label && label.front() != '-' &&
                      label.back() != '-' && std::all_of(label.begin(), label.end(), fits);
    if (!good) return false;
    if (label.size() == host.size()) return !std::all_of(label.begin(), label.end(), digit);
    host.remove_prefix(label.size() + 1);
  }
}

bool is_every_interface(const std::string& host) {
  return host == "*" || host == "0.0.0.0" || host == "::";
}

/// Splits without judging the host; an empty one stands for what can't be split.
Address split(std::string_view text) {
  static constexpr std::int64_t highest_port = 65535;
  if (!text.starts_with(protocol) || text.find('\0') != std::string_view::npos) return {};
  text.remove_prefix(protocol.size());
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return {};
  const auto port = integer_of(text.substr(colon + 1));
  std::string_view host = text.substr(0, colon);
  if (!port || *port < 1 || *port > highest_port) return {};
  const bool in_brackets = host.size() > 2 && host.starts_with('[') && host.ends_with(']');
  if (in_brackets) host = host.substr(1, host.size() - 2);
  const std::string bare(host);
  if (is_ipv6(bare) != in_brackets) return {};
  return {bare, static_cast<std::uint16_t>(*port)};
}

}  // namespace

std::string text_of(const Address& address) {
  const bool brackets = address.host.find(':') != std::string::npos;
  return std::string(protocol) + (brackets ? "[" + address.host + "]" : address.host) + ":" +
         std::to_string(address.port);
}

bool is_named(const Address& address) {
  return address.host != "*" && !is_ipv4(address.host) && !is_ipv6(address.host);
}

Result<Address> address_of(std::string_view text) {
  Address address = split(text);
  if (is_every_interface(address.host))
    return Refusal{in_quotes(text) +
                   " means every interface of a machine; others need to know which "
                   "machine: write its address or name"};
  if (is_ipv4(address.host) || is_ipv6(address.host) || is_host_name(address.host)) return address;
  return Refusal{in_quotes(text) +
                 " is no address; write tcp://HOST:PORT, such as tcp://10.0.0.1:7401, "
                 "tcp://[fd00::1]:7401 or tcp://a.example.org:7401"};
}

Result<Address> listen_address_of(std::string_view text) {
  Address address = split(text);
  if (is_every_interface(address.host) || is_ipv4(address.host) || is_ipv6(address.host))
    return address;
  const std::string advice =
      is_host_name(address.host) ? "a name can't be listened on" : "this is no address";
  return Refusal{in_quotes(text) + ": " + advice +
                 "; write tcp://ADDRESS:PORT, such as tcp://10.0.0.1:7401 or tcp://*:7401 for "
                 "every interface"};
}

}  // namespace queenright::program
