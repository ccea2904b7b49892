#pragma once

#include <netinet/in.h>

#include <optional>
#include <string>

namespace queenright::links {

/// Where a process listens.
struct Endpoint {
  sockaddr_storage address{};
  socklen_t length = 0;
};

/// Of "tcp://HOST:PORT"; asks the resolver, so it may block. Nothing: it has no such host.
std::optional<Endpoint> resolve(const std::string& address);

/// Asks a host whether anybody listens where a process did whose connection broke. A refusal comes
/// from the host itself, so that process is over (R17 E3); silence proves nothing.
class ExitProbe {
 public:
  explicit ExitProbe(const Endpoint& endpoint);
  ~ExitProbe();
  ExitProbe(const ExitProbe&) = delete;
  ExitProbe& operator=(const ExitProbe&) = delete;

  enum class Finding : std::uint8_t { none_yet, refused, listens, unknown };

  /// Asked again when `descriptor` is writable.
  Finding finding();
  int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
  Finding finding_ = Finding::none_yet;
};

}  // namespace queenright::links
